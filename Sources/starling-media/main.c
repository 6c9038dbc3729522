#include "media.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Noreturn void fail(const char *what, int code) {
    char reason[AV_ERROR_MAX_STRING_SIZE] = "";
    if (code) av_strerror(code, reason, sizeof reason);
    fprintf(stderr, "%s%s%s\n", what, code ? ": " : "", reason);
    exit(1);
}

// A number of one of the arguments; whoever starts this program gives good ones.
static int number(const char *text, int least, int most) {
    char *end;
    long value = strtol(text, &end, 10);
    if (*text == 0 || *end != 0 || value < least || value > most) fail("a number is out of range", 0);
    return (int)value;
}

int main(int count, char **arguments) {
    // Whoever started this one may ignore them; here they are the way to end.
    signal(SIGPIPE, SIG_DFL);
    signal(SIGXCPU, SIG_DFL);
    signal(SIGXFSZ, SIG_DFL);
    av_log_set_level(AV_LOG_QUIET);
    if (count < 3) fail("starling-media is run by starling, not by itself", 0);
    const char *action = arguments[1];
    unsigned seconds = (unsigned)number(arguments[count > 3 ? 3 : 2], 1, 1 << 20);
    if (!strcmp(action, "decode") && count == 3) {
        enter_sandbox(seconds);
        decode();
    } else if (!strcmp(action, "encode") && count == 6) {
        int rate = number(arguments[4], 1000, 768000), bit_rate = number(arguments[5], 1000, 1000000);
        enter_sandbox(seconds);
        encode(arguments[2], rate, bit_rate);
    } else if (!strcmp(action, "join") && count == 3) {
        enter_sandbox(seconds);
        join();
    } else {
        fail("the first argument must be decode, encode or join", 0);
    }
    return 0;
}
