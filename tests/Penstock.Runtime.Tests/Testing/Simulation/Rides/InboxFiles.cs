using Penstock.Testing;
using Penstock.Testing.Simulation;

namespace Penstock.Runtime.Tests.Testing.Simulation.Rides;

/// <summary>Files of rides that appear one after the other, or several at a time, as a seed decides.</summary>
internal sealed class InboxFiles
{
    private const long Second = RideFiles.Second;
    private const int MaxMillis = 300;

    public InboxFiles(Random random)
    {
        var (moment, time) = (TimeSpan.Zero, RideFiles.Start);
        for (var left = random.Next(1, 8); left > 0; left--)
        {
            for (var together = random.Next(1, 4); together > 0; together--)
            {
                // The order of their names differs from that of their appearance.
                var (number, path) = (Files.Count, $"/inbox/{random.Next(1000):D3}-{Files.Count}.csv");
                Files.Add(new InboxFile(
                    path,
                    moment,
                    [.. RideFiles.Lines(random, number, time + random.NextInt64(5 * Second), random.Next(1, 60))]));
            }

            moment += TimeSpan.FromMilliseconds(random.Next(1, MaxMillis));
            time += random.NextInt64(20 * Second);
        }
    }

    public List<InboxFile> Files { get; } = [];

    /// <summary>Makes each file appear at its time, independent of the processes that read it.</summary>
    public void Deliver(SimulatedFiles files, ManualTimeProvider time)
    {
        files.CreateDirectory("/inbox");
        files.SyncDirectory("/");
        foreach (var together in Files.GroupBy(static file => file.Moment))
        {
            if (together.Key == TimeSpan.Zero)
            {
                Put();
            }
            else
            {
                time.CreateTimer(_ => Put(), null, together.Key, Timeout.InfiniteTimeSpan);
            }

            void Put()
            {
                foreach (var file in together)
                {
                    files.Put(file.Path, RideFiles.Bytes(file.Lines));
                }
            }
        }
    }
}

/// <summary>A file that appears while the pipeline runs.</summary>
/// <param name="Path">The path.</param>
/// <param name="Moment">The time of its appearance.</param>
/// <param name="Lines">The lines: the ride, or null for a bad row, and the text.</param>
internal sealed record InboxFile(string Path, TimeSpan Moment, List<(Ride? Ride, string Text)> Lines);
