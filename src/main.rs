//! The `kohyo` program; everything is in the library.

/// A page is thousands of small values: with the system's allocator they cost a quarter of the time of a build.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    kohyo::cli::run()
}
