using Microsoft.CodeAnalysis;
using Penstock.Generator.Tests.Helpers;

namespace Penstock.Generator.Tests.Validation;

/// <summary>A mistake is reported at its place in the user's code, and never in generated code.</summary>
public sealed class WrongProgramTests
{
    public static TheoryData<string> Names => [.. WrongPrograms.All().Select(static program => program.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Mistake_is_reported_in_the_users_own_code(string name)
    {
        var (_, ids, program) = WrongPrograms.All().Single(program => program.Name == name);
        var result = TestCompiler.BuildShop(program);

        Assert.Null(result.Run.Results.Single().Exception);
        Assert.Empty(result.Ours.Select(static diagnostic => diagnostic.ToString()));
        Assert.Contains(result.Diagnostics, static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        Assert.Equal(
            ids.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(),
            result.Penstock.Select(static diagnostic => diagnostic.Id).Order());
        Assert.False(result.HidesDiagnostics);
    }

    [Fact]
    public void Every_prefix_of_a_program_is_survived()
    {
        // As in an editor: a program that is truncated at any place, with and without its end.
        var sample = Repository.Sample("FlightDelays");
        for (var length = 100; length < sample.Length; length += 61)
        {
            var result = TestCompiler.Build(sample[..length]);
            Assert.Null(result.Run.Results.Single().Exception);
            Assert.Empty(result.Ours.Select(static diagnostic => diagnostic.ToString()));
        }
    }
}
