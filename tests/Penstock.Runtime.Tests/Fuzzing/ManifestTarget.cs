using System.IO.Hashing;
using System.Text;
using Penstock.Checkpoints;

namespace Penstock.Runtime.Tests.Fuzzing;

/// <summary>Manifests of checkpoints: damaged ones, and ones whose checksum is right though their text is not.</summary>
internal sealed class ManifestTarget : IFuzzTarget
{
    public string Name => "manifest";

    /// <summary>A manifest with something in every part.</summary>
    public static Manifest Sample(StateFile file) => new()
    {
        Job = "job",
        Pipeline = "Flights",
        Id = 3,
        TakenAt = DateTimeOffset.UnixEpoch,
        PenstockVersion = "0.2.0",
        Terminal = false,
        StartedFrom = new SavepointOrigin("a", "/savepoints/a"),
        Subtasks = { ["task"] = 2 },
        KeyGroups = 128,
        Files = [file],
        Sinks = [new SinkState("out", "/out/rows.csv", [[1, 2, 3]])],
        Counters = new Dictionary<string, TaskCounters> { ["task"] = new(1, 2, 3, 4, 5) },
    };

    /// <summary>A changed manifest whose checksum is right, as nothing but a program writes it.</summary>
    public static byte[] Forge(Random random, byte[] bytes)
    {
        var json = Mutator.Mutate(random, bytes.AsSpan(bytes.AsSpan().IndexOf((byte)'\n') + 1), 4);
        return [.. Encoding.ASCII.GetBytes($"penstock-checkpoint {Manifest.CurrentFormat} {XxHash3.HashToUInt64(json):x16}\n"), .. json];
    }

    public void Run(Random random)
    {
        var sample = Sample(new StateFile(3, true, 10, [new SubtaskState("task", 0, 0, 10, ["0123456789abcdef"], [new StateSection("rows", "keyed(string){N:int32}", 0, 10)])]));
        var bytes = ManifestFile.Serialize(sample);
        bytes = random.Next(2) == 0 ? Mutator.Mutate(random, bytes, 3) : Forge(random, bytes);
        try
        {
            if (ManifestFile.Read(bytes, "3.manifest") is { } manifest)
            {
                ManifestFile.Serialize(manifest);
            }
        }
        catch (PipelineException)
        {
            // Damaged or refused, in words.
        }
    }
}
