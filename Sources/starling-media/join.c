#include "media.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// The largest picture that is put into a book.
enum { most_cover = 32 << 20 };

// The picture on descriptor 4 as a stream of one packet; NULL if there is none.
static AVStream *add_cover(AVFormatContext *output, AVPacket *packet) {
    if (fcntl(cover_descriptor, F_GETFD) < 0) return NULL;
    uint8_t *bytes = malloc(most_cover);
    if (!bytes) fail("out of memory", 0);
    size_t size = read_all(cover_descriptor, bytes, most_cover);
    bool is_png = size > 24 && !memcmp(bytes, "\x89PNG\r\n\x1a\n", 8);
    bool is_jpeg = size > 4 && !memcmp(bytes, "\xff\xd8\xff", 3);
    AVStream *stream = is_png || is_jpeg ? avformat_new_stream(output, NULL) : NULL;
    if (!stream || av_new_packet(packet, (int)size) < 0) fail("the cover is neither a JPEG nor a PNG picture", 0);
    memcpy(packet->data, bytes, size);
    free(bytes);
    stream->codecpar->codec_type = AVMEDIA_TYPE_VIDEO;
    stream->codecpar->codec_id = is_png ? AV_CODEC_ID_PNG : AV_CODEC_ID_MJPEG;
    // Players take the size from the picture; the muxer only wants to be told one.
    stream->codecpar->width = stream->codecpar->height = 1;
    stream->disposition = AV_DISPOSITION_ATTACHED_PIC;
    stream->time_base = (AVRational){1, 1000};
    packet->stream_index = stream->index;
    packet->pts = packet->dts = 0;
    packet->flags |= AV_PKT_FLAG_KEY;
    return stream;
}

void join(void) {
    AVFormatContext *input = open_input(STDIN_FILENO, "aac", "aac");
    int code = avformat_find_stream_info(input, NULL);
    if (code < 0 || input->nb_streams != 1) fail("the chapters are not AAC", code);
    AVFormatContext *output = open_output("ipod");
    AVStream *from = input->streams[0], *to = avformat_new_stream(output, NULL);
    AVPacket *packet = av_packet_alloc(), *picture = av_packet_alloc();
    if (!to || !packet || !picture) fail("out of memory", 0);
    avcodec_parameters_copy(to->codecpar, from->codecpar);
    to->codecpar->codec_tag = 0;
    to->time_base = (AVRational){1, from->codecpar->sample_rate};
    copy_words(output);
    // The language is the track's.
    AVDictionaryEntry *language = av_dict_get(output->metadata, "language", NULL, 0);
    if (language) av_dict_set(&to->metadata, "language", language->value, 0);
    AVStream *cover = add_cover(output, picture);
    if ((code = avformat_write_header(output, NULL)) < 0) fail("cannot write", code);
    if (cover && (code = av_write_frame(output, picture)) < 0) fail("cannot write the cover", code);

    // Every packet of AAC holds 1024 samples; what the ADTS reader guesses of times is not needed.
    int64_t place = 0, step = av_rescale_q(1024, (AVRational){1, from->codecpar->sample_rate}, to->time_base);
    while ((code = av_read_frame(input, packet)) >= 0) {
        packet->pts = packet->dts = place;
        packet->duration = step;
        packet->pos = -1;
        packet->stream_index = to->index;
        place += step;
        if ((code = av_interleaved_write_frame(output, packet)) < 0) fail("cannot write", code);
    }
    if (code != AVERROR_EOF) fail("the chapters are damaged", code);
    if ((code = av_write_trailer(output)) < 0) fail("cannot write", code);
    avio_flush(output->pb);
}
