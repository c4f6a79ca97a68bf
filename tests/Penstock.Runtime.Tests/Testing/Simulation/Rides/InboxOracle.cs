using System.Globalization;
using Penstock.Sources.Files;

namespace Penstock.Runtime.Tests.Testing.Simulation.Rides;

/// <summary>
/// The expected output of <see cref="InboxPipeline"/> for files, by plain loops that implement only the rules of the guide. Whether some
/// rows are late depends on when a listing finds their file. Each row is counted in its window or is late, and the rules determine for
/// which rows both are correct.
/// </summary>
internal sealed class InboxOracle
{
    private readonly LateAccount _account = new();

    public InboxOracle(InboxFiles inbox)
    {
        var newest = long.MinValue;
        foreach (var together in inbox.Files.GroupBy(static file => file.Moment).OrderBy(static group => group.Key))
        {
            // Files that appear together do not make each other's rows late.
            foreach (var file in together)
            {
                Read(file, newest, isAlone: inbox.Files.Count(other => LaneOf(other.Path) == LaneOf(file.Path)) == 1);
            }

            newest = Math.Max(newest, Times(together).DefaultIfEmpty(newest).Max());
        }
    }

    public List<string> Totals { get; } = [];

    public List<string> Bad { get; } = [];

    public int Rows { get; private set; }

    /// <summary>Returns the difference in windows and late rows; null if there is none.</summary>
    public string? Difference(List<string> counts, List<string> late) => _account.Difference(counts, late);

    private void Read(InboxFile file, long newestBefore, bool isAlone)
    {
        var (newest, totals) = (long.MinValue, new Dictionary<string, (int Rides, long Amount)>());
        for (var line = 0; line < file.Lines.Count; line++)
        {
            if (file.Lines[line].Ride is not { } ride)
            {
                // The header is the first line.
                Bad.Add(Text($"{file.Path},{line + 2}"));
                continue;
            }

            Rows++;
            if (ride.Amount > 0)
            {
                var (rides, amount) = totals.GetValueOrDefault(ride.User);
                totals[ride.User] = (rides + 1, amount + ride.Amount);
                Totals.Add(Text($"{ride.User},{rides + 1},{amount + ride.Amount}"));

                // The watermark of a split is held back while several of its files appear together.
                _account.Add(ride, mustBeLateAt: isAlone ? newest : long.MinValue, mayBeLateAt: Math.Max(newest, newestBefore));
            }

            newest = Math.Max(newest, ride.At);
        }
    }

    private static IEnumerable<long> Times(IEnumerable<InboxFile> files) =>
        files.SelectMany(static file => file.Lines).Where(static line => line.Ride != null).Select(static line => line.Ride!.Value.At);

    private static int LaneOf(string path) => (int)(CompletedFiles.KeyOf(path) % PolledFileSource<Ride>.Lanes);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
