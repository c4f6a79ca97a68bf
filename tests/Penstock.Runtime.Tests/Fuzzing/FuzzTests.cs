using Penstock.Tests;

namespace Penstock.Runtime.Tests.Fuzzing;

/// <summary>The short form of <c>dotnet run -c Release --project benchmarks -- fuzz MINUTES</c>.</summary>
public sealed class FuzzTests
{
    public static TheoryData<string> Targets => [.. Fuzzer.Targets.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public void Whatever_is_read_gives_a_value_a_bad_row_or_a_clear_error(string name)
    {
        var target = Fuzzer.Targets.Single(target => target.Name == name);
        for (var seed = 0; seed < Thoroughness.Times(300, brief: 100); seed++)
        {
            Assert.Null(Fuzzer.Run(target, seed));
        }
    }

    [Fact]
    public void A_finding_has_its_seed_and_comes_again()
    {
        var target = new Fails();
        var seed = Enumerable.Range(0, 1_000).First(seed => Fuzzer.Run(target, seed) != null);
        Assert.Contains("odd bytes", Fuzzer.Run(target, seed)!.Error, StringComparison.Ordinal);
        Assert.Equal((target.Name, seed), (Fuzzer.Run(target, seed)!.Target, Fuzzer.Run(target, seed)!.Seed));
    }

    private sealed class Fails : IFuzzTarget
    {
        public string Name => "fails";

        public void Run(Random random)
        {
            if (Mutator.Mutate(random, "{}"u8).Length % 2 == 1)
            {
                throw new InvalidOperationException("odd bytes");
            }
        }
    }
}
