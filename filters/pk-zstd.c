/* pk-zstd: bytes -> one zstd frame, the same bytes whatever the machine. */
#include <sched.h>
#include <unistd.h>
#include <zstd.h>

#include "cli.h"
#include "io.h"

static const char usage[] = "usage: pk-zstd [-l LEVEL] [-w WINDOWLOG]\n";

enum {
	LEVEL = 8,
	LEVEL_MOST = 19,
	WINDOW_LOG = 25,
	WINDOW_LOG_LEAST = 10,
	WINDOW_LOG_MOST = 27, /* what readers have to take (§3.1.3) */
	WORKERS_MOST = 16,    /* each takes 22 MB at the default level */
	CHUNK_SIZE = 1024 * 1024,
};

struct settings {
	int level;
	int window_log;
};

/* The frame's bytes, gathered for large writes. */
static char frame[CHUNK_SIZE];
static ZSTD_outBuffer frame_buffer = {frame, sizeof frame, 0};

static size_t checked(size_t result)
{
	if (ZSTD_isError(result))
		die("zstd: %s", ZSTD_getErrorName(result));
	return result;
}

static void set(ZSTD_CCtx *context, ZSTD_cParameter parameter, int value)
{
	checked(ZSTD_CCtx_setParameter(context, parameter, value));
}

/* How many threads may run at once. Any number from 1 up gives the same bytes; 0, which
 * is not multi-threaded, gives others. */
static int worker_count(void)
{
	cpu_set_t processors;
	int count = WORKERS_MOST; /* when there are too many to fit the set */

	if (sched_getaffinity(0, sizeof processors, &processors) == 0)
		count = CPU_COUNT(&processors);
	return count < 1 ? 1 : count > WORKERS_MOST ? WORKERS_MOST : count;
}

static void write_frame_buffer(void)
{
	output(frame, frame_buffer.pos);
	frame_buffer.pos = 0;
}

/* Compresses bytes; with ZSTD_e_end the frame ends behind them. */
static void compress(ZSTD_CCtx *context, const void *bytes, size_t count,
		     ZSTD_EndDirective how)
{
	ZSTD_inBuffer input = {bytes, count, 0};
	size_t left;

	do {
		if (frame_buffer.pos == frame_buffer.size)
			write_frame_buffer();
		left = checked(ZSTD_compressStream2(context, &frame_buffer, &input, how));
	} while (how == ZSTD_e_end ? left > 0 : input.pos < input.size);
}

static size_t read_chunk(char bytes[CHUNK_SIZE])
{
	ssize_t count = read_full(STDIN_FILENO, bytes, CHUNK_SIZE);

	if (count < 0)
		die_errno("standard input");
	return (size_t)count;
}

/* On trees of libraries and documentation, long matches alone, found far away, make the
 * result smaller and the search for it no slower than the library's own least length. */
static void set_long_distance_matching(ZSTD_CCtx *context)
{
	set(context, ZSTD_c_enableLongDistanceMatching, 1);
	set(context, ZSTD_c_ldmMinMatch, 256);
}

static ZSTD_CCtx *start(const struct settings *settings)
{
	ZSTD_CCtx *context = ZSTD_createCCtx();

	if (context == NULL)
		die("out of memory");
	set(context, ZSTD_c_compressionLevel, settings->level);
	set(context, ZSTD_c_windowLog, settings->window_log);
	set(context, ZSTD_c_checksumFlag, 0);
	set(context, ZSTD_c_contentSizeFlag, 1);
	set(context, ZSTD_c_nbWorkers, worker_count());
	return context;
}

/* Input shorter than a chunk is compressed as one piece of known size: libzstd then takes
 * a tenth of the time and memory, and the frame says its size. Which of the two ways is
 * taken hangs on the input's length alone. */
static void compress_input(const struct settings *settings)
{
	static char bytes[CHUNK_SIZE];
	size_t count = read_chunk(bytes);
	ZSTD_CCtx *context = start(settings);

	if (count < CHUNK_SIZE)
		checked(ZSTD_CCtx_setPledgedSrcSize(context, count));
	else
		set_long_distance_matching(context);
	while (count == CHUNK_SIZE) {
		compress(context, bytes, count, ZSTD_e_continue);
		count = read_chunk(bytes);
	}
	compress(context, bytes, count, ZSTD_e_end);
	write_frame_buffer();
	ZSTD_freeCCtx(context);
}

int main(int argc, char *argv[])
{
	struct settings settings = {LEVEL, WINDOW_LOG};
	int option;

	cli_start("pk-zstd", usage);
	while ((option = cli_option(argc, argv, "l:w:")) != -1) {
		if (option == 'l')
			settings.level = (int)cli_number('l', optarg, 1, LEVEL_MOST);
		else
			settings.window_log = (int)cli_number(
				'w', optarg, WINDOW_LOG_LEAST, WINDOW_LOG_MOST);
	}
	if (optind < argc)
		usage_error("no operands are taken, not '%s'", argv[optind]);
	compress_input(&settings);
	output_finish();
	return 0;
}
