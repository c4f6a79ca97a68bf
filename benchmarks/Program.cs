using BenchmarkDotNet.Running;
using Penstock.Benchmarks.Bursts;
using Penstock.Benchmarks.Checkpoints;
using Penstock.Benchmarks.Cold;
using Penstock.Benchmarks.Fuzz;
using Penstock.Benchmarks.Generator;
using Penstock.Benchmarks.Kafka;
using Penstock.Benchmarks.Ratios;
using Penstock.Benchmarks.Simulation;

switch (args)
{
    case ["ratios", .. var chosen]:
        var all = ChainRatios.All.Concat(UnionRatios.All)
            .Concat(ColumnRatios.All)
            .Concat(HopRatios.All)
            .Concat(KeyedRatios.All)
            .Concat(TimerRatios.All)
            .Concat(SlidingRatios.All)
            .Concat(SessionRatios.All)
            .Concat(SortRatios.All)
            .Concat(JoinRatios.All)
            .Concat(BurstRatios.All)
            .Concat(CodecRatios.All)
            .Concat(FormatRatios.All)
            .Concat(FlightsRatios.All);
        return RatioRunner.Run(all, chosen) ? 0 : 1;
    case ["against", var build, .. var compared]:
        return OtherBuild.Compare(build, compared, least: 0.95) ? 0 : 1;
    case ["checkpoints"]:
        return CheckpointBenchmark.Run() & RatioRunner.Run(CodecRatios.All, []) ? 0 : 1;
    case ["rescale"]:
        RescaleBenchmark.Run();
        return 0;
    case ["burst", .. var millions] when millions.Length < 2:
        return BurstBenchmark.Run(millions is [var some] ? some : "10") ? 0 : 1;
    case ["soak"]:
        return SoakBenchmark.Run() ? 0 : 1;
    case ["cold"]:
        return ColdBenchmark.Run() ? 0 : 1;
    case ["kafka"]:
        return KafkaBenchmark.Run() & RunAgain("kafka-latency") ? 0 : 1;
    case ["kafka-latency"]:
        return KafkaBenchmark.RunLatency() ? 0 : 1;
    case ["kafka-torture"]:
        return TortureBenchmark.Run() ? 0 : 1;
    case ["kafka-job", .. var rest]:
        return TortureJob.Run(rest);
    case ["fuzz", var minutes]:
        return FuzzBenchmark.Run(minutes) ? 0 : 1;
    case ["fuzz", var target, var seed]:
        return FuzzBenchmark.RunOne(target, seed) ? 0 : 1;
    case ["simulate", var seeds]:
        return SimulationBenchmark.Run(seeds, "1") ? 0 : 1;
    case ["simulate", var seeds, var first, .. var jobs]:
        return SimulationBenchmark.Run(seeds, first, jobs) ? 0 : 1;
    case ["generator"]:
        return GeneratorBenchmark.Run() ? 0 : 1;
    case ["micro", .. var names]:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(names.Length == 0 ? ["--filter", "*"] : names);
        return 0;
    default:
        Console.WriteLine("""
            benchmarks ratios [NAME ...]   Penstock against its peers, in one process run; exit code 1 when a bar is missed
            benchmarks against DIR [NAME ...]   Penstock's side of the ratios against that of the build of the benchmarks in a folder, in one process; exit code 1 below 0.95
            benchmarks checkpoints         what checkpoints of a gigabyte of state cost
            benchmarks rescale             restores at another parallelism: several subtasks at a time, against one after the other
            benchmarks soak                two thousand checkpoints with crashes between them
            benchmarks burst [MILLIONS]    the memory that a process takes in which a window of ten (or so many) million keys fires into a keyed task; exit code 1 above 1.2 times the state and 200 MB
            benchmarks cold                whole processes from their start to their end, with and without what the packages do for the start
            benchmarks kafka               a source, a pipeline between topics and its latency, beside loops over the same client and Streamiz.Kafka.Net
            benchmarks kafka-torture       a hundred kills of a job between two topics, and fifty of the broker
            benchmarks fuzz MINUTES        changed files, messages, checkpoints and settings; every outcome is a value, a bad row or a clear error
            benchmarks fuzz TARGET SEED    one of these inputs again
            benchmarks simulate SEEDS [FIRST [JOB ...]]   pipelines whose clock, order of steps, files, crashes and restarts a seed decides, against plain loops; exit code 1 when an output differs
            benchmarks generator           the time to generate fifty operators, and after an unrelated edit
            benchmarks micro [ARGS ...]    BenchmarkDotNet over the engine's parts
            """);
        return 2;
}

// Runs in a separate process, whose output follows that of this process.
static bool RunAgain(string command)
{
    // Started by `dotnet run`, or by `dotnet Penstock.Benchmarks.dll`.
    var isHost = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet";
    using var process = System.Diagnostics.Process.Start(
        Environment.ProcessPath!,
        isHost ? [typeof(Program).Assembly.Location, command] : [command]);
    process.WaitForExit();
    return process.ExitCode == 0;
}
