using BenchmarkDotNet.Running;
using Penstock.Benchmarks.Checkpoints;
using Penstock.Benchmarks.Generator;
using Penstock.Benchmarks.Ratios;

switch (args)
{
    case ["ratios", .. var names]:
        var all = ChainRatios.All.Concat(KeyedRatios.All).Concat(CodecRatios.All).Concat(FormatRatios.All).Concat(FlightsRatios.All);
        return RatioRunner.Run(all, names) ? 0 : 1;
    case ["checkpoints"]:
        return CheckpointBenchmark.Run() ? 0 : 1;
    case ["soak"]:
        return SoakBenchmark.Run() ? 0 : 1;
    case ["generator"]:
        return GeneratorBenchmark.Run() ? 0 : 1;
    case ["micro", .. var rest]:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(rest.Length == 0 ? ["--filter", "*"] : rest);
        return 0;
    default:
        Console.WriteLine("""
            benchmarks ratios [NAME ...]   Penstock against its peers, in one process run; exit code 1 when a bar is missed
            benchmarks checkpoints         what checkpoints of a gigabyte of state cost
            benchmarks soak                two thousand checkpoints with crashes between them
            benchmarks generator           the time to generate fifty operators, and after an unrelated edit
            benchmarks micro [ARGS ...]    BenchmarkDotNet over the engine's parts
            """);
        return 2;
}
