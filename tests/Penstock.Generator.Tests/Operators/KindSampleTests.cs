using Microsoft.CodeAnalysis;
using Penstock.Generator.Operators;
using Penstock.Generator.Tests.Helpers;
using Penstock.Generator.Tests.Schemas;

namespace Penstock.Generator.Tests.Operators;

/// <summary>What holds for every kind of operator, on the sample of each.</summary>
public sealed class KindSampleTests
{
    public static TheoryData<string> Kinds => KindSamples.Names;

    [Fact]
    public void Every_kind_has_a_sample() => Assert.Equal(
        OperatorKinds.All.Select(static kind => kind.Name).Order(),
        KindSamples.Kinds.Order());

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Operator_of_another_assembly_runs_as_one_of_the_same(string kind)
    {
        var sample = KindSamples.Of(kind);
        var together = TestCompiler.Build(sample.Library, sample.Pipeline).AssertClean();

        using var image = new MemoryStream();
        var library = TestCompiler.Build(TestCompiler.Compile(sample.Library).WithAssemblyName("Library")).AssertClean();
        Assert.True(library.Compilation.Emit(image).Success);
        var apart = TestCompiler
            .Build(TestCompiler.Compile(sample.Pipeline).AddReferences(MetadataReference.CreateFromImage(image.ToArray())))
            .AssertClean();

        Assert.Equal(together.Tasks("Shop"), apart.Tasks("Shop"));
        Assert.Equal(LockOf(together), LockOf(apart));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Rows_are_the_same_after_a_restart(string kind)
    {
        var sample = KindSamples.Of(kind);
        var program = EvolvingProgram.Load(Whole(sample));
        var random = new Random(kind.Length);
        var rows = Enumerable.Range(0, 130).Select(_ => (Key: $"key{random.Next(9)}", Number: random.Next(1, 20))).ToList();
        var folder = Directory.CreateTempSubdirectory("penstock-kinds");
        try
        {
            string[] output =
            [
                .. program.Run(folder.FullName, rows.GetRange(0, 70)),
                .. program.Run(folder.FullName, rows.GetRange(70, 60), parallelism: 2, end: true),
            ];

            Assert.Equal(sample.Expect(rows), output.Order(StringComparer.Ordinal));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // A state that a kind keeps by itself and does not declare is in the manifest alone.
    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_it_saves_is_what_its_build_locks(string kind) => LockedSchemaTests.Check(Whole(KindSamples.Of(kind)));

    private static string Whole(KindSample sample) =>
        sample.Pipeline.Replace("[Pipeline]", sample.Library + "\n[Pipeline]", StringComparison.Ordinal);

    private static string LockOf(BuildResult build) =>
        TestCompiler.Build((Microsoft.CodeAnalysis.CSharp.CSharpCompilation)build.Compilation.RemoveSyntaxTrees(build.Generated), "")
            .Text("penstock.state.lock.g.cs");
}
