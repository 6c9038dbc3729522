#include "media.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// Takes what the encoder has ready into the file.
static void drain(AVCodecContext *encoder, AVFormatContext *output, AVPacket *packet) {
    int code;
    while ((code = avcodec_receive_packet(encoder, packet)) >= 0) {
        av_packet_rescale_ts(packet, encoder->time_base, output->streams[0]->time_base);
        packet->stream_index = 0;
        if ((code = av_write_frame(output, packet)) < 0) fail("cannot write", code);
        av_packet_unref(packet);
    }
    if (code != AVERROR(EAGAIN) && code != AVERROR_EOF) fail("the encoder failed", code);
}

void encode(const char *form, int rate, int bit_rate) {
    bool is_stream = !strcmp(form, "adts"), is_fragmented = !strcmp(form, "fragments");
    AVFormatContext *output = open_output(is_stream ? "adts" : "ipod");
    const AVCodec *codec = avcodec_find_encoder(AV_CODEC_ID_AAC);
    if (!codec) fail("this build of FFmpeg has no AAC encoder", 0);
    AVCodecContext *encoder = avcodec_alloc_context3(codec);
    AVStream *stream = avformat_new_stream(output, NULL);
    AVPacket *packet = av_packet_alloc();
    AVFrame *frame = av_frame_alloc();
    if (!encoder || !stream || !packet || !frame) fail("out of memory", 0);
    encoder->sample_rate = rate;
    encoder->sample_fmt = AV_SAMPLE_FMT_FLTP;
    encoder->bit_rate = bit_rate;
    encoder->time_base = (AVRational){1, rate};
    encoder->flags |= AV_CODEC_FLAG_BITEXACT | (output->oformat->flags & AVFMT_GLOBALHEADER ? AV_CODEC_FLAG_GLOBAL_HEADER : 0);
    encoder->thread_count = 1;
    av_channel_layout_default(&encoder->ch_layout, 1);
    int code = avcodec_open2(encoder, codec, NULL);
    if (code < 0) fail("the encoder cannot be opened", code);
    avcodec_parameters_from_context(stream->codecpar, encoder);
    stream->time_base = encoder->time_base;
    copy_words(output);
    AVDictionary *options = NULL;
    if (is_fragmented) {
        av_dict_set(&options, "movflags", "+empty_moov+default_base_moof", 0);
        av_dict_set(&options, "frag_duration", "500000", 0); // microseconds
        output->flags |= AVFMT_FLAG_FLUSH_PACKETS;
    }
    if (is_stream) output->flags |= AVFMT_FLAG_FLUSH_PACKETS;
    if ((code = avformat_write_header(output, &options)) < 0) fail("cannot write", code);

    frame->format = encoder->sample_fmt;
    frame->sample_rate = rate;
    av_channel_layout_copy(&frame->ch_layout, &encoder->ch_layout);
    frame->nb_samples = encoder->frame_size;
    if (av_frame_get_buffer(frame, 0) < 0) fail("out of memory", 0);
    size_t size = (size_t)encoder->frame_size * sizeof(float), got = size;
    for (int64_t place = 0; got == size; place += encoder->frame_size) {
        if (av_frame_make_writable(frame) < 0) fail("out of memory", 0);
        got = read_all(STDIN_FILENO, frame->data[0], size);
        if (got < sizeof(float)) break;
        frame->nb_samples = (int)(got / sizeof(float));
        frame->pts = place;
        if ((code = avcodec_send_frame(encoder, frame)) < 0) fail("the encoder failed", code);
        drain(encoder, output, packet);
    }
    if ((code = avcodec_send_frame(encoder, NULL)) < 0) fail("the encoder failed", code);
    drain(encoder, output, packet);
    if ((code = av_write_trailer(output)) < 0) fail("cannot write", code);
    avio_flush(output->pb);
}
