using System.Globalization;
using System.Text;
using Penstock.Testing.Simulation;

namespace Penstock.Runtime.Tests.Simulation;

/// <summary>Files of rides, as a seed has them: out of order, late, unpaid, and with rows that cannot be read.</summary>
internal sealed class RideFiles
{
    public const long Second = 1_000_000;
    public const long Start = 1_700_000_000 * Second;

    private readonly string _folder;

    /// <summary>Makes files.</summary>
    /// <param name="random">Decides what is in them.</param>
    /// <param name="folder">The folder in which they are.</param>
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

    /// <summary>Lines as a file.</summary>
    public static byte[] Bytes(List<(Ride? Ride, string Text)> lines) =>
        Encoding.UTF8.GetBytes("user,at,amount\n" + string.Concat(lines.Select(static line => line.Text + "\n")));

    public string PathOf(int file) => $"{_folder}/rides-{file}.csv";

    /// <summary>The lines of a file.</summary>
    /// <param name="random">Decides what is in it.</param>
    /// <param name="file">Its number.</param>
    /// <param name="now">When its first ride is.</param>
    /// <param name="rows">How many lines it has.</param>
    public static IEnumerable<(Ride? Ride, string Text)> Lines(Random random, int file, long now, int rows)
    {
        for (var row = 0; row < rows; row++)
        {
            // Users of one file only: of rows of one user, the order is known then.
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
