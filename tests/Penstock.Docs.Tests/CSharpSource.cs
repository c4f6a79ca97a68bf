using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Penstock.Docs.Tests;

/// <summary>C# as the projects of this repository and those of its users have it: the language version, and implicit usings.</summary>
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

    // Every compilation has the same objects, so that the compiler reads an assembly once for all of them.
    private static readonly IReadOnlyList<(string Name, MetadataReference Reference)> Assemblies =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(static path => (Path.GetFileName(path), (MetadataReference)MetadataReference.CreateFromFile(path))),
    ];

    /// <summary>How files are parsed.</summary>
    public static CSharpParseOptions ParseOptions { get; } = new(LanguageVersion.CSharp14);

    /// <summary>A file.</summary>
    /// <param name="text">What stands in it.</param>
    /// <param name="place">Its path, as diagnostics name it; empty for none.</param>
    public static SyntaxTree Parse(string text, string place = "") => CSharpSyntaxTree.ParseText(text, ParseOptions, place);

    /// <summary>Compiles files of a project with implicit usings.</summary>
    /// <param name="assembly">The name of the assembly.</param>
    /// <param name="files">The files.</param>
    /// <param name="isReferenced">Which assemblies the project refers to, by file name, of all that this process could load.</param>
    /// <param name="options">What else the project says; null for a library with nullable references.</param>
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
