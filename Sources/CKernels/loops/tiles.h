/// Tile registers: 16 rows of 64 bytes each.

enum { TILE_ROWS = 16, TILE_BYTES = 64, TILE8 = TILE_ROWS * TILE_BYTES, SIDE = 2 * TILE_ROWS };

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
