using System.Globalization;
using System.Text;
using Penstock.Testing.Simulation;

namespace Penstock.Runtime.Tests.Testing.Simulation.Rides;

/// <summary>Creates files of rides from a seed: out of order, late, unpaid, and with unreadable rows.</summary>
internal sealed class RideFiles
{
    public const long Second = 1_000_000;
    public const long Start = 1_700_000_000 * Second;

    private readonly string _folder;

    /// <summary>Creates files.</summary>
    /// <param name="random">Decides the contents.</param>
    /// <param name="folder">The folder of the files.</param>
    public RideFiles(Random random, string folder = "/in")
    {
        _folder = folder;
        var count = random.Next(1, 4);
        for (var file = 0; file < count; file++)
        {
            Files.Add([.. Lines(random, file, Start + random.NextInt64(30 * Second), random.Next(1, 160))]);
        }
    }

    /// <summary>The lines of each file: the ride, or null for a bad row, and the text.</summary>
    public List<List<(Ride? Ride, string Text)>> Files { get; } = [];

    /// <summary>Writes the files durably.</summary>
    public void WriteTo(SimulatedFiles files)
    {
        files.CreateDirectory(_folder);
        for (var file = 0; file < Files.Count; file++)
        {
            files.Put(PathOf(file), Bytes(Files[file]));
        }

        files.SyncDirectory("/");
    }

    /// <summary>Returns lines as the contents of a file.</summary>
    public static byte[] Bytes(List<(Ride? Ride, string Text)> lines) =>
        Encoding.UTF8.GetBytes("user,at,amount\n" + string.Concat(lines.Select(static line => line.Text + "\n")));

    public string PathOf(int file) => $"{_folder}/rides-{file}.csv";

    /// <summary>The lines of a file.</summary>
    /// <param name="random">Decides the contents.</param>
    /// <param name="file">The number of the file.</param>
    /// <param name="now">The time of the first ride.</param>
    /// <param name="rows">The number of lines.</param>
    public static IEnumerable<(Ride? Ride, string Text)> Lines(Random random, int file, long now, int rows)
    {
        for (var row = 0; row < rows; row++)
        {
            // All rides of a user are in one file, so that their order is known.
            var user = $"u{file}-{random.Next(6)}";
            now += random.Next(4) == 0 ? random.NextInt64(3 * Second) : random.NextInt64(Second / 4);
            now += random.Next(40) == 0 ? 20 * Second : 0;
            var at = random.Next(8) == 0 ? now - random.NextInt64(18 * Second) : now;
            var ride = new Ride(user, at, random.Next(6));
            yield return random.Next(30) switch
            {
                0 => (null, $"{user},{at},many"),
                1 =>
                    (null, string.Create(
                        CultureInfo.InvariantCulture,
                        $"{user},{(random.Next(2) == 0 ? long.MaxValue : long.MinValue + random.Next(100))},1")),
                2 => (null, $"{user},{at}"),
                _ => (ride, string.Create(CultureInfo.InvariantCulture, $"{ride.User},{ride.At},{ride.Amount}")),
            };
        }
    }
}
