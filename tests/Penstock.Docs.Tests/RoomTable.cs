using System.Text.RegularExpressions;

namespace Penstock.Docs.Tests;

/// <summary>The rooms of a project as listed in the architecture, in order, each with the rooms that it may use.</summary>
internal sealed partial class RoomTable(IReadOnlyList<(string Room, IReadOnlyList<string> MayUse)> rows)
{
    /// <summary>Reads a table of the architecture.</summary>
    /// <param name="heading">The heading above the table.</param>
    public static RoomTable OfArchitecture(string heading) => new(
        [.. Page.Load("docs/architecture.md").Table(heading).Select(static cells => (Names(cells[0]).Single(), Names(cells[2])))]);

    /// <summary>The rooms, starting with the lowest.</summary>
    public IReadOnlyList<string> Rooms { get; } = [.. rows.Select(static row => row.Room)];

    /// <summary>Returns the room of a file. A room in the folder of another one is a separate room.</summary>
    /// <returns>The name; null if the file is in no room.</returns>
    public string? RoomOf(string place) =>
        Rooms.Where(room => place.StartsWith(room + "/", StringComparison.Ordinal)).MaxBy(static room => room.Length);

    /// <summary>Dependencies on a room that is not above in the table. Without such dependencies there is no cycle.</summary>
    public IReadOnlyList<string> Upward() =>
    [
        .. rows.SelectMany((row, index) => row.MayUse.Except(Rooms.Take(index)).Select(used => $"{row.Room} -> {used}")),
    ];

    /// <summary>Returns the uses that the table does not allow.</summary>
    public IReadOnlyList<string> Forbidden(IEnumerable<ProjectCode.Use> uses)
    {
        var allowed = Arrows().ToHashSet();
        return [.. Between(uses)
            .Where(use => !allowed.Contains((use.From, use.To)))
            .Select(static use => $"{use.From} -> {use.To}: {use.Use.From} uses {use.Use.Type} of {use.Use.To}")];
    }

    /// <summary>Returns the dependencies that the table allows, and that no use needs.</summary>
    public IReadOnlyList<string> Unused(IEnumerable<ProjectCode.Use> uses) =>
        [.. Arrows().Except(Between(uses).Select(static use => (use.From, use.To))).Select(static arrow => $"{arrow.From} -> {arrow.To}")];

    private IEnumerable<(string From, string To)> Arrows() => rows.SelectMany(static row => row.MayUse.Select(used => (row.Room, used)));

    private IEnumerable<(string From, string To, ProjectCode.Use Use)> Between(IEnumerable<ProjectCode.Use> uses) =>
        uses
            .Select(use => (From: RoomOf(use.From) ?? "no room", To: RoomOf(use.To) ?? "no room", use))
            .Where(static use => use.From != use.To);

    private static List<string> Names(string cell) => [.. Name().Matches(cell).Select(static match => match.Groups[1].Value)];

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Name();
}
