import Foundation
import PackagePlugin

/// Compiles the C programs in a target's `Programs` folder with the toolchain's own clang into its
/// resource bundle: `NAME.bpf.c` becomes the BPF object `NAME.bpf.o`, any other `NAME.c` the static
/// executable `NAME`.
@main
struct CompilePrograms: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
    let clang = try context.tool(named: "clang").url
    let programs = target.directoryURL.appending(path: "Programs")
    let contents = try FileManager.default.contentsOfDirectory(at: programs, includingPropertiesForKeys: nil)
    let headers = contents.filter { $0.pathExtension == "h" }
    return contents.filter { $0.pathExtension == "c" }.map { source in
      let stem = source.deletingPathExtension().lastPathComponent
      let isBPF = stem.hasSuffix(".bpf")
      let output = context.pluginWorkDirectoryURL.appending(path: isBPF ? stem + ".o" : stem)
      let kind = isBPF ? ["-target", "bpf", "-g", "-c", "-I", multiarchHeaders] : ["-static", "-std=gnu17"]
      return .buildCommand(
        displayName: "Compiling \(source.lastPathComponent)",
        executable: clang,
        arguments: kind + ["-O2", "-Wall", "-Wextra", "-Werror", source.path(), "-o", output.path()],
        inputFiles: [source] + headers,
        outputFiles: [output])
    }
  }

  /// Where Debian keeps `asm/types.h`, which `-target bpf` does not search by itself.
  private var multiarchHeaders: String {
    #if arch(arm64)
      "/usr/include/aarch64-linux-gnu"
    #else
      "/usr/include/x86_64-linux-gnu"
    #endif
  }
}
