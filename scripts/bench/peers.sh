# What other distributions make their indexes with, at work on packages of the same content:
# pacman's repo-add, Debian's apt-ftparchive, Fedora's createrepo_c. Files lie below
# $work/pacman, $work/debian and $work/fedora.
# shellcheck shell=bash disable=SC2154,SC2164

installed() {
	local program
	for program; do
		command -v "$program" >/dev/null || return 1
	done
}

# make_peer_packages: small and large, in each format that can be made here.
make_peer_packages() {
	local size
	mkdir -p "$work/pacman" "$work/debian" "$work/fedora"
	for size in small large; do
		! installed bsdtar || make_pacman_package "$size" "$size" "$work/pacman"
		! installed dpkg-deb || make_debian_package "$size"
		! installed rpmbuild || make_fedora_package "$size"
	done
}

# make_pacman_package SIZE NAME DIRECTORY
make_pacman_package() {
	mkdir -p "$3"
	printf '%s\n' "pkgname = $2" 'pkgver = 1.0-1' 'pkgdesc = benchmark' 'arch = x86_64' \
		'url = https://example.org' 'license = MIT' 'depend = libc>=2.0' \
		'depend = libexample>=1.2' 'size = 654321' >"$work/$1/.PKGINFO"
	bsdtar -C "$work/$1" -cf - .PKGINFO usr | zstd -q >"$3/$2-1.0-1-x86_64.pkg.tar.zst"
	rm "$work/$1/.PKGINFO"
}

make_debian_package() {
	local tree=$work/debian/tree
	mkdir -p "$tree/DEBIAN"
	cp -al "$work/$1/usr" "$tree"
	printf '%s\n' "Package: $1" 'Version: 1.0-1' 'Architecture: amd64' \
		'Maintainer: bench <bench@example.org>' 'Homepage: https://example.org' \
		'Depends: libc (>= 2.0), libexample (>= 1.2)' 'Description: benchmark' \
		>"$tree/DEBIAN/control"
	dpkg-deb -Zzstd --root-owner-group -b "$tree" "$work/debian/$1.deb" >/dev/null
	rm -r "$tree"
}

make_fedora_package() {
	local top=$work/fedora/rpmbuild
	mkdir -p "$top"
	cat >"$top/spec" <<-END
		Name: $1
		Version: 1.0
		Release: 1
		Summary: benchmark
		License: MIT
		Requires: libc >= 2.0, libexample >= 1.2
		%description
		benchmark
		%install
		mkdir -p %{buildroot}
		cp -a $work/$1/usr %{buildroot}
		%files
		/usr
	END
	rpmbuild --quiet -bb -D "_topdir $top" -D '__os_install_post %{nil}' \
		-D 'debug_package %{nil}' -D '_binary_payload w3.zstdio' "$top/spec" >/dev/null 2>&1
	mv "$top"/RPMS/*/*.rpm "$work/fedora/$1.rpm"
	rm -r "$top"
}

# copies COUNT PATTERN: that many of what is on stdin, named by seq's pattern.
# shellcheck disable=SC2016 # the shell there fills these in
copies() {
	cat >"$work/original"
	seq -f "$2" "$1" | xargs -r -n 500 sh -c 'exec tee "$@" <"$0" >/dev/null' "$work/original"
}

new_indexes() {
	rm -rf "$work"/{pacman,debian,fedora}/{pool,index,saved}
	mkdir -p "$work"/{pacman,debian,fedora}/{pool,index,saved}
}

# restore PEER: its index as it was before.
restore() {
	rm -rf "$work/$1/index"
	cp -a "$work/$1/saved" "$work/$1/index"
}

# fill_pacman COUNT: an entry is a directory with `desc` and, in the other database, `files`.
# It starts from what repo-add itself wrote for the one package.
fill_pacman() {
	local saved=$work/pacman/saved entries=$work/pacman/entries
	repo-add -q "$saved/bench.db.tar.gz" "$work"/pacman/small-*.zst >/dev/null
	mkdir "$entries"
	(
		cd "$entries"
		seq -f 'p%.0f-1-1' "$1" | xargs -r mkdir
		bsdtar -xOf "$saved/bench.files.tar.gz" '*/desc' >../desc
		bsdtar -xOf "$saved/bench.files.tar.gz" '*/files' | copies "$1" 'p%.0f-1-1/files'
		awk -v count="$1" -v RS='\001' '{
			for (i = 1; i <= count; i++) {
				file = "p" i "-1-1/desc"
				text = $0
				gsub("small", "p" i, text)
				printf "%s", text >file
				close(file)
			}
		}' ../desc
		find . -mindepth 1 -printf '%P\n' | sort >../list
		bsdtar -czf "$saved/bench.files.tar.gz" -n -T ../list
		grep -v '/files$' ../list | bsdtar -czf "$saved/bench.db.tar.gz" -n -T -
	)
	rm -r "$entries"
}

# fill_debian COUNT: the cache knows the packages, and not the one that comes then.
fill_debian() {
	local pool=$work/debian/pool
	copies "$1" "$pool/p%.0f.deb" <"$work/debian/small.deb"
	index_debian
	mv -T "$work/debian/index" "$work/debian/saved"
	cp "$work/debian/small.deb" "$pool/new.deb"
}

fill_fedora() {
	local pool=$work/fedora/pool
	copies "$1" "$pool/p%.0f.rpm" <"$work/fedora/small.rpm"
	index_fedora
	mv -T "$work/fedora/index" "$work/fedora/saved"
	cp "$work/fedora/small.rpm" "$pool/new.rpm"
}

index_pacman() {
	repo-add -q "$work/pacman/index/bench.db.tar.gz" "$@"
}

index_debian() {
	cd "$work/debian"
	apt-ftparchive --db index/cache.db packages pool >index/Packages
	apt-ftparchive release index >Release.new
	mv Release.new index/Release
}

index_fedora() {
	createrepo_c -q --no-database --update -o "$work/fedora/index" "$work/fedora/pool"
}

# peers_update COUNT: one package more, beside so many.
peers_update() {
	new_indexes
	! installed repo-add || fill_pacman "$1"
	! installed apt-ftparchive dpkg-deb || fill_debian "$1"
	! installed createrepo_c rpmbuild || fill_fedora "$1"
	candidate repo-add repo-add "$work/pacman/index" 'restore pacman' \
		index_pacman "$work"/pacman/small-*.zst
	candidate 'apt-ftparchive --db' 'apt-ftparchive dpkg-deb' "$work/debian/index" \
		'restore debian' index_debian
	candidate 'createrepo_c --update' 'createrepo_c rpmbuild' "$work/fedora/index" \
		'restore fedora' index_fedora
}

# peers_create SIZE COUNT: an index of so many packages, from nothing.
peers_create() {
	local i
	new_indexes
	for ((i = 0; i < $2; i++)); do
		! installed bsdtar repo-add || make_pacman_package "$1" "new-$i" "$work/pacman/pool"
	done
	! installed apt-ftparchive dpkg-deb ||
		copies "$2" "$work/debian/pool/p%.0f.deb" <"$work/debian/$1.deb"
	! installed createrepo_c rpmbuild ||
		copies "$2" "$work/fedora/pool/p%.0f.rpm" <"$work/fedora/$1.rpm"
	candidate repo-add repo-add "$work/pacman/index" 'restore pacman' \
		index_pacman "$work"/pacman/pool/*.zst
	candidate apt-ftparchive 'apt-ftparchive dpkg-deb' "$work/debian/index" \
		'restore debian' index_debian
	candidate createrepo_c 'createrepo_c rpmbuild' "$work/fedora/index" \
		'restore fedora' index_fedora
}
