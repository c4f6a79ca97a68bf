using System.IO.Hashing;
using System.Text;
using Penstock.Checkpoints;
using Penstock.State;

namespace Penstock.Runtime.Tests.Fuzzing.Targets;

/// <summary>Manifests of checkpoints: damaged ones, and ones with a valid checksum but invalid contents.</summary>
internal sealed class ManifestTarget : IFuzzTarget
{
    public string Name => "manifest";

    /// <summary>A manifest in which no part is empty.</summary>
    public static Manifest Sample(long length, params StatePiece[] pieces) => new()
    {
        Job = "job",
        Pipeline = "Flights",
        Id = 3,
        TakenAt = DateTimeOffset.UnixEpoch,
        PenstockVersion = "0.2.0",
        Terminal = false,
        StartedFrom = new SavepointOrigin("a", "/savepoints/a"),
        Subtasks = new() { ["task"] = 1 },
        KeyGroups = 128,
        Files = [new StateFile("0000000003.state", length)],
        State = [new SubtaskState("task", 0, [.. pieces])],
        Sinks = [new SinkState("out", "/out/rows.csv", [[1, 2, 3]])],
        Counters = new Dictionary<string, TaskCounters> { ["task"] = new(1, 2, 3, 4, 5) },
    };

    /// <summary>A changed manifest with a valid checksum, as only a program could write it.</summary>
    public static byte[] Forge(Random random, byte[] bytes)
    {
        var json = Mutator.Mutate(random, bytes.AsSpan(bytes.AsSpan().IndexOf((byte)'\n') + 1), 4);
        return [.. Encoding.ASCII.GetBytes($"penstock-checkpoint {Manifest.CurrentFormat} {XxHash3.HashToUInt64(json):x16}\n"), .. json];
    }

    public void Run(Random random)
    {
        var sample = Sample(
            10,
            new StatePiece(0, 0, 10, ["0123456789abcdef"], [
                new StateSection("splits", "splits", 0, 4, null),
                new StateSection("rows", "keyed(string){N:int32}", 4, 6, new KeyGroupRange(0, 128))
            ]));
        var bytes = ManifestFile.Serialize(sample);
        bytes = random.Next(2) == 0 ? Mutator.Mutate(random, bytes, 3) : Forge(random, bytes);
        try
        {
            if (ManifestFile.Read(bytes, "3.manifest", static id => CheckpointNames.State(id)) is { } manifest)
            {
                ManifestFile.Serialize(manifest);
            }
        }
        catch (PipelineException)
        {
            // Damaged or refused, with a message.
        }
    }
}
