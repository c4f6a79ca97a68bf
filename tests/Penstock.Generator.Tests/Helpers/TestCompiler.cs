using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using Penstock.Generator.Diagnostics;

namespace Penstock.Generator.Tests.Helpers;

/// <summary>Compiles programs with the generator and the analyzer, as a build does.</summary>
internal static class TestCompiler
{
    public static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.CSharp14);

    // Read once: they are most of the cost of a compilation.
    public static readonly ImmutableArray<MetadataReference> References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(IsForPrograms)
            .Select(static path => (MetadataReference)MetadataReference.CreateFromFile(path)),
    ];

    private const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using Penstock;
        """;

    // Every program is made from this one, so that the compiler reads the types of the references once.
    private static readonly CSharpCompilation Empty = CSharpCompilation.Create(
        "Program",
        [CSharpSyntaxTree.ParseText(Usings, ParseOptions, "File0.cs")],
        References,
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable, generalDiagnosticOption: ReportDiagnostic.Error, allowUnsafe: false)
            .WithSpecificDiagnosticOptions([new("CS1701", ReportDiagnostic.Suppress), new("CS1702", ReportDiagnostic.Suppress)]));

    /// <summary>A compilation of files, by their text.</summary>
    public static CSharpCompilation Compile(params string[] files) =>
        Empty.AddSyntaxTrees(files.Select(static (text, index) => CSharpSyntaxTree.ParseText(text, ParseOptions, $"File{index + 1}.cs")));

    public static GeneratorDriver CreateDriver() => CSharpGeneratorDriver.Create(
        [new PipelineGenerator().AsSourceGenerator()],
        parseOptions: ParseOptions,
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    /// <summary>Runs the generator and the analyzer over a compilation.</summary>
    /// <param name="compilation">The program.</param>
    /// <param name="locked">The text of its penstock.state.lock, if it has one.</param>
    public static BuildResult Build(CSharpCompilation compilation, string? locked = null)
    {
        ImmutableArray<AdditionalText> files = locked == null ? [] : [new LockText(locked)];
        var driver = CreateDriver().AddAdditionalTexts(files).RunGeneratorsAndUpdateCompilation(compilation, out var updated, out _);
        var analysis = updated.WithAnalyzers([new PenstockAnalyzer()], new AnalyzerOptions(files))
            .GetAllDiagnosticsAsync().GetAwaiter().GetResult();
        return new BuildResult((CSharpCompilation)updated, driver.GetRunResult(), analysis);
    }

    public static BuildResult Build(params string[] files) => Build(Compile(files));

    /// <summary>Runs the generator and the analyzer over files beside a lock.</summary>
    public static BuildResult BuildLocked(string? locked, params string[] files) => Build(Compile(files), locked);

    private static bool IsForPrograms(string path) => Path.GetFileName(path) is var name
        && (name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal)
            || name.StartsWith("MemoryPack", StringComparison.Ordinal) || name is "netstandard.dll" or "mscorlib.dll" or "Penstock.Attributes.dll" or "Penstock.Runtime.dll" or "Penstock.Kafka.dll" or "Penstock.S3.dll");
}

/// <summary>A lock beside a program.</summary>
internal sealed class LockText(string text) : AdditionalText
{
    public override string Path => "/project/penstock.state.lock";

    public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text);
}

/// <summary>What a build says.</summary>
/// <param name="Compilation">The program with its generated files.</param>
/// <param name="Run">What the generator did.</param>
/// <param name="Diagnostics">What the compiler and the analyzer report.</param>
internal sealed record BuildResult(CSharpCompilation Compilation, GeneratorDriverRunResult Run, ImmutableArray<Diagnostic> Diagnostics)
{
    public IEnumerable<Diagnostic> Penstock => Diagnostics.Where(static diagnostic => diagnostic.Id.StartsWith("PEN", StringComparison.Ordinal));

    public IReadOnlyList<string> Files => [.. Run.Results.Single().GeneratedSources.Select(static source => source.HintName)];

    public string Text(string hintName) => Run.Results.Single().GeneratedSources.Single(source => source.HintName == hintName).SourceText.ToString();

    /// <summary>Reports that stand in generated files, and failures of the generator or the analyzer.</summary>
    public IEnumerable<Diagnostic> Ours => Diagnostics.Concat(Run.Diagnostics).Where(diagnostic =>
        diagnostic.Id is "AD0001" or "CS8785" or "CS8784"
        || (diagnostic.Severity >= DiagnosticSeverity.Warning && diagnostic.Location.SourceTree is { } tree && Run.GeneratedTrees.Contains(tree)));

    /// <summary>
    /// What a build shows: the compiler asks analyzers only where all declarations are right. A partial property without a body (CS9248), which is for us to write,
    /// is none.
    /// </summary>
    public IReadOnlyList<Diagnostic> Shown
    {
        get
        {
            var declarations = Compilation.GetDeclarationDiagnostics().Where(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToList();
            return [.. declarations.Count > 0 ? declarations : [.. Diagnostics], .. Run.Diagnostics];
        }
    }

    /// <summary>Whether a build would show nothing of ours, but only that a body is missing.</summary>
    public bool HidesDiagnostics => Shown.Select(static diagnostic => diagnostic.Id).Distinct().ToList() is ["CS9248"];

    /// <summary>The program is right: nobody complains.</summary>
    public BuildResult AssertClean()
    {
        var complaints = Diagnostics.Where(static diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning).Select(static diagnostic => diagnostic.ToString()).ToList();
        Assert.True(Run.Results.Single().Exception == null, Run.Results.Single().Exception?.ToString());
        Assert.True(complaints.Count == 0, string.Join("\n", complaints) + "\n" + string.Join("\n", Run.GeneratedTrees));
        return this;
    }
}
