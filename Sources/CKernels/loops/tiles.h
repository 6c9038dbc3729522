/// Tile registers: 16 rows of 64 bytes each.

enum { TILE_ROWS = 16, TILE_BYTES = 64, TILE8 = TILE_ROWS * TILE_BYTES };

/// Gives all eight tile registers their shape, until _tile_release.
INLINED void configure_tiles(void) {
    struct {
        uint8_t palette, start, reserved[14];
        uint16_t bytesPerRow[16];
        uint8_t rows[16];
    } configuration = {.palette = 1};
    for (int tile = 0; tile < 8; tile++) {
        configuration.bytesPerRow[tile] = TILE_BYTES, configuration.rows[tile] = TILE_ROWS;
    }
    _tile_loadconfig(&configuration);
}

/// Empties the sums in tile registers 0-3.
INLINED void zero_tiles(void) {
    _tile_zero(0);
    _tile_zero(1);
    _tile_zero(2);
    _tile_zero(3);
}

/// Adds a step to the sums in tile registers 0 and 1 and, if there are rows below the upper 16, in 2 and 3. Registers 4
/// and 5 take the inputs, whose rows are `stride` bytes apart, 6 and 7 the weights; `multiply` is the instruction.
#define ADD_STEP(multiply, left, right, upper, lower, stride, hasLower) \
    do { \
        _tile_loadd(6, left, TILE_BYTES); \
        _tile_loadd(4, upper, stride); \
        _tile_loadd(7, right, TILE_BYTES); \
        multiply(0, 4, 6); \
        if (hasLower) _tile_loadd(5, lower, stride); \
        multiply(1, 4, 7); \
        if (hasLower) { \
            multiply(2, 5, 6); \
            multiply(3, 5, 7); \
        } \
    } while (0)

/// Products that never leave the registers, `rounds` times four.
#define REPEAT_PRODUCTS(multiply, rounds) \
    do { \
        configure_tiles(); \
        _tile_zero(4); \
        _tile_zero(6); \
        for (size_t round = 0; round < (rounds); round++) { \
            multiply(0, 4, 6); \
            multiply(1, 4, 6); \
            multiply(2, 4, 6); \
            multiply(3, 4, 6); \
        } \
        _tile_release(); \
    } while (0)
