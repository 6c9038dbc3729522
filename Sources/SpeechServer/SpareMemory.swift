#if canImport(Glibc)
import CMalloc
#endif

/// Memory that was freed and that the allocator keeps for later.
enum SpareMemory {
    /// Gives the system what the allocator keeps in whole pages.
    ///
    /// Speech is made in pieces of many sizes, side by side, and what is left between them is used again only in part. The
    /// program tells the allocator to keep freed memory for the next sentence, also when none comes.
    static func giveBack() {
        #if canImport(Glibc)
        _ = malloc_trim(0)
        #endif
    }
}
