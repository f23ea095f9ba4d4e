# What tests of several filters do with the cases of $VECTORS/packages.

# Stages a case in the current directory, as §8.2 has its script run: the tree in staged,
# the recipe as a document in recipe.json, the case's arguments as $version, $timestamp,
# $farm_id and $source_ref.
stage_vector() {
	local case=$VECTORS/packages/$1

	read_arguments <"$case/arguments"
	pk-toml <"$case/recipe/peipkg.toml" >recipe.json
	rm -rf staged
	mkdir staged
	mkdir "work.$1"
	(
		cd "work.$1"
		env -i SOURCE_DIR="$case/source" DESTDIR="$PWD/../staged" PATH="$PATH" LC_ALL=C TZ=UTC \
			SOURCE_DATE_EPOCH="$(date -d "$timestamp" +%s)" \
			sh "$case/recipe/build.sh" </dev/null
	)
}

read_arguments() {
	local flag
	while IFS= read -r flag && IFS= read -r "${flag//[-]/_}"; do :; done < <(sed 's/^--//')
}

# The names of the packages of recipe.json, and the expected package of one of them.
vector_packages() {
	jq -r '.package[].name' recipe.json
}

vector_expectation() {
	local case=$1 name=$2
	echo "$VECTORS/packages/$case/expected/$name"_*
}

# The entries of recipe.json's packages, as far as pk-manifest and pk-pack want them.
hash_vector() {
	pk-walk staged | pk-claim recipe.json | pk-hash -C staged
}
