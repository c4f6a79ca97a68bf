using System.Reflection;
using System.Runtime.Loader;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Penstock.Generator;
using Penstock.Generator.Diagnostics;

namespace Penstock.Docs.Tests;

/// <summary>
/// The C# of a page as a reader would type it: all blocks in one file, in order, with the <c>using</c> lines at the top, in a project with
/// implicit usings and the package.
/// </summary>
internal sealed class PageProgram
{
    // Every program is made from this one, so that the compiler reads the types of the references once.
    private static readonly CSharpCompilation Empty = CSharpSource.Compile(
        "Page",
        [],
        IsForPrograms,
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary)
            .WithSpecificDiagnosticOptions([new("CS1701", ReportDiagnostic.Suppress), new("CS1702", ReportDiagnostic.Suppress)]));

    private readonly Compilation _compilation;

    public PageProgram(Page page)
        : this(page.Name, Join(page))
    {
    }

    /// <summary>A program of one file.</summary>
    /// <param name="name">The path of the file in diagnostics.</param>
    /// <param name="source">The contents of the file.</param>
    public PageProgram(string name, string source)
    {
        Source = source;
        CSharpGeneratorDriver.Create([new PipelineGenerator().AsSourceGenerator()], parseOptions: CSharpSource.ParseOptions)
            .RunGeneratorsAndUpdateCompilation(
                Empty.AddSyntaxTrees(CSharpSource.Parse(Source, name)),
                out _compilation,
                out var problems);
        Problems =
        [
            .. problems.Concat(_compilation.WithAnalyzers([new PenstockAnalyzer()]).GetAllDiagnosticsAsync().GetAwaiter().GetResult())
                .Where(static diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning
                    || diagnostic.Id.StartsWith("PEN", StringComparison.Ordinal))
                .Select(static diagnostic => diagnostic.ToString()),
        ];
    }

    /// <summary>The file.</summary>
    public string Source { get; }

    /// <summary>Errors and warnings of the compiler, and all diagnostics of Penstock.</summary>
    public IReadOnlyList<string> Problems { get; }

    /// <summary>
    /// The tests of the page: public static methods without parameters, in classes named <c>…Tests</c>. They throw when they fail.
    /// </summary>
    public IReadOnlyList<MethodInfo> Tests()
    {
        using var assembly = new MemoryStream();
        var result = _compilation.Emit(assembly);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        assembly.Position = 0;
        return
        [
            .. new AssemblyLoadContext("Page").LoadFromStream(assembly).GetTypes()
                .Where(static type => type.Name.EndsWith("Tests", StringComparison.Ordinal))
                .SelectMany(static type => type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
                .Where(static method => method.GetParameters().Length == 0),
        ];
    }

    private static string Join(Page page)
    {
        var usings = new StringBuilder();
        var rest = new StringBuilder();
        foreach (var block in page.Blocks("csharp"))
        {
            var root = CSharpSource.Parse(block.Code).GetCompilationUnitRoot();
            foreach (var directive in root.Usings)
            {
                usings.AppendLine(directive.ToString());
            }

            var begin = root.Usings is [.., UsingDirectiveSyntax last] ? last.FullSpan.End : 0;
            rest.Append("#line ").Append(block.Line + block.Code.AsSpan(0, begin).Count('\n')).AppendLine().AppendLine(block.Code[begin..]);
        }

        return usings.Append(rest).ToString();
    }

    private static bool IsForPrograms(string name) =>
        name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal)
        || name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal) || name.StartsWith("OpenTelemetry", StringComparison.Ordinal)
        || name.StartsWith("MemoryPack", StringComparison.Ordinal) || name is "netstandard.dll" or "mscorlib.dll"
        || Libraries.All.Any(library => name == library.Assembly + ".dll");
}
