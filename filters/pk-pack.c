/* pk-pack: hashed entries + manifest -> tar archive, unsigned. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "container.h"
#include "entry.h"
#include "files.h"
#include "io.h"
#include "layout.h"
#include "layout_library.h"
#include "manifest.h"
#include "tree.h"

/* Bytes: large writes for a large archive. */
enum { OUTPUT_BUFFER = 256 * 1024 };

static const char usage[] = "usage: pk-pack -C DIRECTORY -m MANIFEST\n";

static void put_buffer(struct buffer *out)
{
	output_gathered(out->data, out->length);
	buffer_clear(out);
}

static void read_manifest(const char *path, struct buffer *text,
			  struct manifest *manifest)
{
	struct reason why;

	if (!input_document(path, MANIFEST_LIMIT, text, &why))
		die("%s", why.text);
	if (!manifest_parse(manifest, text->data, text->length, &why))
		die("%s: %s", path, why.text);
}

static void read_entries(const struct manifest *manifest, struct entry_list *list)
{
	struct reason why;
	struct input *in = input_open(NULL, &why);

	if (!entry_list_read(in, manifest->name, list, &why))
		die("%s", why.text);
	input_close(in);
}

static void check_entries(const struct manifest *manifest, const struct entry_list *list)
{
	struct findings found = {0};

	for (size_t i = 0; i < list->count; i++) {
		const struct entry *entry = &list->entries[i];

		layout_check(manifest->name, manifest->architecture, entry->type,
			     entry->path, entry->target, &found);
		if (!entry_list_has_parent(list, i))
			find_error(
				&found,
				"%s: the directory that it is in has no entry [§3.1.4]",
				entry->path);
		if (entry->size > TAR_NUMBER_MOST)
			find_error(&found, "%s: over 8 GiB - 1 [§3.1.4]", entry->path);
	}
	if (found.errors > 0)
		exit(1);
}

static void put_metadata(const struct buffer *manifest_text,
			 const struct manifest *manifest, const struct entry_list *list)
{
	struct buffer files = {0}, out = {0};
	struct reason why;
	int64_t size;

	if (!files_put(&files, list, &size, &why))
		die("%s", why.text);
	if (size != manifest->size_installed)
		die("size_installed is %lld, the entries are %lld bytes [§3.3]",
		    (long long)manifest->size_installed, (long long)size);
	tar_put_file(&out, MANIFEST_NAME, manifest_text, manifest->build_time);
	tar_put_file(&out, FILES_NAME, &files, manifest->build_time);
	put_buffer(&out);
	buffer_free(&files);
	buffer_free(&out);
}

/* A regular file on its way from the tree to the archive. */
struct passage {
	const struct manifest *manifest;
	const struct entry *entry;
	bool started;
};

static void pass_content(void *context, const void *bytes, size_t count)
{
	struct passage *passage = context;
	struct findings found = {0};

	if (!passage->started)
		layout_check_content(passage->manifest->name,
				     passage->manifest->architecture,
				     passage->entry->path, bytes, count, &found);
	passage->started = true;
	output_gathered(bytes, count);
}

static void put_content(struct tree *tree, const struct manifest *manifest,
			const struct entry *entry)
{
	static const char zeros[TAR_BLOCK];
	struct passage passage = {manifest, entry, false};
	char hex[HASH_HEX_SIZE + 1];
	struct reason why;

	if (!tree_hash_file(tree, entry, pass_content, &passage, hex, &why))
		die("%s", why.text);
	if (strcmp(hex, entry->hash) != 0)
		die("%s: changed since it was hashed", entry->path);
	output_gathered(zeros, tar_padding(entry->size));
}

static void put_payload(struct tree *tree, const struct manifest *manifest,
			const struct entry_list *list)
{
	struct buffer out = {0};

	for (size_t i = 0; i < list->count; i++) {
		const struct entry *entry = &list->entries[i];
		struct tar_entry tar_entry = {entry->type, entry->path, entry->target,
					      entry->size, manifest->build_time};

		tar_put_header(&out, &tar_entry);
		put_buffer(&out);
		if (entry->type == ENTRY_FILE)
			put_content(tree, manifest, entry);
	}
	tar_put_trailer(&out);
	put_buffer(&out);
	buffer_free(&out);
}

int main(int argc, char *argv[])
{
	const char *directory = NULL, *manifest_path = NULL;
	struct buffer text = {0};
	struct entry_list list = {0};
	struct manifest manifest;
	struct reason why;
	struct tree tree;
	int option;

	cli_start("pk-pack", usage);
	setvbuf(stdout, NULL, _IOFBF, OUTPUT_BUFFER);
	while ((option = cli_option(argc, argv, "C:m:")) != -1) {
		if (option == 'C')
			directory = optarg;
		else
			manifest_path = optarg;
	}
	if (optind < argc)
		usage_error("the entries come on standard input");
	if (directory == NULL || manifest_path == NULL)
		usage_error("-C and -m are wanted");
	read_manifest(manifest_path, &text, &manifest);
	read_entries(&manifest, &list);
	check_entries(&manifest, &list);
	if (!tree_open(&tree, directory, &why))
		die("%s", why.text);
	put_metadata(&text, &manifest, &list);
	put_payload(&tree, &manifest, &list);
	tree_close(&tree);
	entry_list_free(&list);
	manifest_free(&manifest);
	buffer_free(&text);
	output_finish();
	return 0;
}
