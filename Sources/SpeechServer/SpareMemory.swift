import CMalloc

/// Memory that was freed and that the allocator keeps for later.
enum SpareMemory {
    /// Gives the system what the allocator keeps in whole pages.
    ///
    /// Speech is made in pieces of many sizes, side by side, and what is left between them is used again only in part.
    /// Without this, a server under load holds about half as much again as it uses, and keeps it when the load is over.
    static func giveBack() { _ = malloc_trim(0) }
}
