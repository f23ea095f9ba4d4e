#!/usr/bin/env bats

load helper

# The whole benchmark on next to nothing: what it says is there, not how much it is.
setup() {
	cd "$BATS_TEST_TMPDIR"
	mkdir payload
	echo some >payload/file
	export BENCH=$PWD/bench PAYLOAD=$PWD/payload SIZES='3 20' PACKAGES=2 LARGE=1000
	export RECIPES=1 TIMES=1 RUNS=1
	[[ ${BUILD:=build} == /* ]] || BUILD=$project/$BUILD
	export BUILD
	unset PARTS REFERENCE
}

@test "bench: a row for every item and program, with its figures" {
	run_apart "$project/scripts/bench/run"
	assert_success
	cut -f 1-3 bench/report.tsv | sed 's/\t/: /g' >rows
	diff - rows <<-'END'
		part: item: program
		packages: pack, large payload: peipkg-build
		packages: pack, large payload: tar, sha256sum, zstd -8 --long
		packages: pack, large payload: bsdtar, zstd, as makepkg
		packages: pack, large payload: dpkg-deb -Zzstd -z9
		packages: decompress, large payload: pk-unzstd
		packages: decompress, large payload: zstd -dc
		packages: decompress, large payload: dpkg-deb --fsys-tarfile
		packages: verify, large payload: pk-verify
		packages: verify, large payload: zstd -dc, sha256sum
		packages: pack, tiny payload: peipkg-build
		packages: pack, tiny payload: tar, sha256sum, zstd -8 --long
		packages: pack, tiny payload: bsdtar, zstd, as makepkg
		packages: pack, tiny payload: dpkg-deb -Zzstd -z9
		packages: decompress, tiny payload: pk-unzstd
		packages: decompress, tiny payload: zstd -dc
		packages: decompress, tiny payload: dpkg-deb --fsys-tarfile
		packages: verify, tiny payload: pk-verify
		packages: verify, tiny payload: zstd -dc, sha256sum
		repository: publish 1 package into 3 entries: peipkg-repo
		repository: publish 1 package into 3 entries: repo-add
		repository: publish 1 package into 3 entries: apt-ftparchive --db
		repository: publish 1 package into 3 entries: createrepo_c --update
		repository: publish 1 package into 20 entries: peipkg-repo
		repository: publish 1 package into 20 entries: repo-add
		repository: publish 1 package into 20 entries: apt-ftparchive --db
		repository: publish 1 package into 20 entries: createrepo_c --update
		repository: verify metadata of 20 entries: peipkg-repo
		repository: publish 2 tiny packages: peipkg-repo
		repository: publish 2 tiny packages: repo-add
		repository: publish 2 tiny packages: apt-ftparchive
		repository: publish 2 tiny packages: createrepo_c
		repository: publish a package of 1000 bytes: peipkg-repo
		repository: publish a package of 1000 bytes: repo-add
		repository: publish a package of 1000 bytes: apt-ftparchive
		repository: publish a package of 1000 bytes: createrepo_c
		repository: verify hashes of 3 packages, 1000 bytes: peipkg-repo
		repository: verify hashes of 3 packages, 1000 bytes: sha256sum -c
		farm: sweep of 1 recipes, all to be built: peipkg-manager
		farm: sweep of 1 recipes, all to be built: git ls-remote
		farm: sweep of 1 recipes, nothing new: peipkg-manager
		farm: sweep of 1 recipes, nothing new: git ls-remote
		farm: sweep of 1 recipes, one new tag: peipkg-manager
		farm: sweep of 1 recipes, one new tag: git ls-remote
	END

	# Of ours and of what every Debian has, and of no other, figures are due.
	awk -F '\t' 'NR > 1 && $10 == "" &&
		!($4 > 0 && $5 ~ /^[0-9.]+$/ && $6 ~ /^[0-9.]+$/ && $7 > 0 && $9 >= 1 &&
		($8 > 0 || $3 == "git ls-remote"))' bench/report.tsv >without
	assert_equal "$(<without)" ''
	run cut -f 3,10 bench/report.tsv
	refute_output --regexp $'^(pe?i?pk|dpkg-deb|tar|sha256sum|git)[^\t]*\t.'
	refute_output --partial $'\tfailed'

	# What people read says the same.
	while IFS=$'\t' read -r _ item program seconds _; do
		grep -E "^\| $item +\| $program +\| +$seconds \|" bench/report.md
	done < <(sed 1d bench/report.tsv | tr -s '\t')
}

@test "bench: the drawing is well-formed, or said to be missing" {
	mkdir bench
	printf 'part\titem\tprogram\tseconds\tratio\tcpu_seconds\tmemory_kib\tbytes\n' >bench/report.tsv
	for size in 10 100; do
		for program in ours 'a peer --here'; do
			printf 'repository\tpublish 1 package into %d entries\t%s\t%d\t1\t1\t%d\t1\n' \
				"$size" "$program" "$size" "$((size * 1024))"
		done
	done >>bench/report.tsv
	run_apart "$project/scripts/bench/plot"
	assert_success
	assert_equal "$stderr" ''
	if ! command -v gnuplot; then
		assert_output 'publish.svg: not drawn, gnuplot is not installed'
		return
	fi
	assert_output ''
	run python3 -c 'import sys, xml.etree.ElementTree as xml
print(*(text.strip() for text in xml.parse(sys.argv[1]).getroot().itertext()))' bench/publish.svg
	assert_success
	assert_output --regexp 'publishing one package: seconds.*publishing one package: MiB'
	assert_output --regexp 'ours.*a peer --here|a peer --here.*ours'
	run ls bench
	assert_output 'publish.svg
report.tsv'
}

@test "bench: peers that are missing or fail say so, and end nothing; one of ours does" {
	mkdir commands
	ln -s /usr/bin/* /bin/* commands/ 2>/dev/null || true
	rm -f commands/{zstd,dpkg-deb}
	printf '%s\n' '#!/bin/sh' 'echo broken >&2; exit 3' >commands/dpkg-deb
	chmod +x commands/dpkg-deb
	export PATH=$PWD/commands REFERENCE=$BUILD/bin PARTS=packages
	run_apart "$project/scripts/bench/run"
	assert_success
	assert_equal "$(grep -c ^broken <<<"$stderr")" 4
	run grep 'pack, tiny payload' bench/report.tsv
	assert_line --regexp $'\tpeipkg-build\t[0-9.]+\t1.00\t'
	assert_line --regexp $'\treference peipkg-build\t[0-9.]+\t[0-9.]+\t'
	assert_line --regexp $'\ttar, sha256sum, zstd -8 --long\t+not installed$'
	assert_line --regexp $'\tdpkg-deb -Zzstd -z9\t+failed$'

	mkdir -p ours/bin
	ln -s "$BUILD/share" ours
	ln -s "$BUILD"/bin/* ours/bin
	ln -sf /bin/false ours/bin/pk-verify
	BUILD=$PWD/ours run_apart "$project/scripts/bench/run"
	assert_failure
	assert_regex "$stderr" 'pk-verify failed: verify large'
	run grep -c 'pack, large' bench/report.tsv
	assert_output 5
}
