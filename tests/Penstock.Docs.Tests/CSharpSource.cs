using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Penstock.Docs.Tests;

/// <summary>
/// Parses and compiles C# as the projects of this repository and of its users do: with the language version, and implicit usings.
/// </summary>
internal static class CSharpSource
{
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    // All compilations share these objects, so that the compiler reads each assembly once.
    private static readonly IReadOnlyList<(string Name, MetadataReference Reference)> Assemblies =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(static path => (Path.GetFileName(path), (MetadataReference)MetadataReference.CreateFromFile(path))),
    ];

    /// <summary>The parse options.</summary>
    public static CSharpParseOptions ParseOptions { get; } = new(LanguageVersion.CSharp14);

    /// <summary>Parses a file.</summary>
    /// <param name="text">The contents of the file.</param>
    /// <param name="place">The path in diagnostics; empty for none.</param>
    public static SyntaxTree Parse(string text, string place = "") => CSharpSyntaxTree.ParseText(text, ParseOptions, place);

    /// <summary>Compiles files of a project with implicit usings.</summary>
    /// <param name="assembly">The name of the assembly.</param>
    /// <param name="files">The files.</param>
    /// <param name="isReferenced">
    /// Determines, by file name, which of the assemblies that this process can load are references of the project.
    /// </param>
    /// <param name="options">The other options of the project; null for a library with nullable references.</param>
    public static CSharpCompilation Compile(
        string assembly,
        IEnumerable<SyntaxTree> files,
        Func<string, bool> isReferenced,
        CSharpCompilationOptions? options = null) => CSharpCompilation.Create(
        assembly,
        [Parse(ImplicitUsings), .. files],
        Assemblies.Where(assembly => isReferenced(assembly.Name)).Select(static assembly => assembly.Reference),
        (options
            ?? new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary)).WithNullableContextOptions(
                NullableContextOptions.Enable));
}
