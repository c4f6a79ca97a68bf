using System.Globalization;

namespace Penstock.Checkpoints;

/// <summary>The names of files in the storage of a savepoint.</summary>
internal static class SavepointNames
{
    /// <summary>The name of the manifest.</summary>
    public const string Manifest = "savepoint.manifest";

    /// <summary>The name of what is written and deleted to see whether a place can be used.</summary>
    public const string Probe = "savepoint.probe";

    private const string StatePrefix = "savepoint";
    private const string StateExtension = ".state";

    /// <summary>
    /// Returns the name of a state file by its number in the manifest: <c>savepoint.state</c>, then <c>savepoint-1.state</c>.
    /// </summary>
    public static string State(int number) =>
        number == 0 ? StatePrefix + StateExtension : string.Create(CultureInfo.InvariantCulture, $"{StatePrefix}-{number}{StateExtension}");

    /// <summary>Determines whether a name is that of a state file of a savepoint.</summary>
    public static bool IsState(string name) => name == State(0)
        || (name.StartsWith(StatePrefix + "-", StringComparison.Ordinal) && name.EndsWith(StateExtension, StringComparison.Ordinal)
            && int.TryParse(
                name.AsSpan(StatePrefix.Length + 1, name.Length - StatePrefix.Length - 1 - StateExtension.Length),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var number)
            && number > 0 && name == State(number));
}
