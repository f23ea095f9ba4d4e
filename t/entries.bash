# Index entries and indexes for the tests of the filters that read them.

# Lines "NAME VERSION ARCHITECTURE [MEMBERS]" to index entries, a line each; further
# members are JSON and come last: ,"provides":[]
entries() {
	awk '{
		name = $1; version = $2; architecture = $3
		sub(/^[^ ]+ [^ ]+ [^ ]+ ?/, "")
		printf "{\"name\":\"%s\",\"version\":\"%s\",\"architecture\":\"%s\",", name, version, architecture
		if ($0 !~ /"dependencies"/)
			printf "\"dependencies\":[],"
		printf "\"conflicts\":[],\"size_compressed\":1,\"size_installed\":0,"
		printf "\"hash\":{\"algorithm\":\"sha256\",\"value\":\"%064d\"},", 0
		printf "\"url\":\"/p/%s/%s/%s_%s_%s.peipkg\"%s}\n", name, version, name, version, architecture, $0
	}'
}

# The entries on standard input as an index of that kind.
index_of() {
	printf '{"schema_version":1,"repo":"test","kind":"%s","index_version":7,' "$1"
	printf '"generated_at":"2026-03-05T00:00:00Z","packages":['
	paste -sd ,
	printf ']}\n'
}

# What names each entry of a stream, as entries takes it.
names_of() {
	jq -r '"\(.name) \(.version) \(.architecture)"'
}
