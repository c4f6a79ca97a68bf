namespace Penstock.Generator.Schemas;

/// <summary>
/// Finds states that kept their name but changed their kind or scope: a value that became a map, or state of a window that became state of
/// the key. The saved state would be ignored, and the state would silently start empty.
/// </summary>
internal static class StateKindChanges
{
    /// <summary>Finds the first such state of an operator.</summary>
    /// <param name="saved">The saved schemas by their ids.</param>
    /// <param name="now">The schemas of the program.</param>
    /// <param name="owner">The id of the operator.</param>
    /// <returns>The state; null if there is none.</returns>
    public static StateMove? Find(
        IEnumerable<KeyValuePair<string, StateSchema>> saved,
        IEnumerable<KeyValuePair<string, StateSchema>> now,
        string owner)
    {
        var before = Places(saved, owner);
        var after = Places(now, owner);
        foreach (var states in before)
        {
            // A state that still has its old place has not moved.
            var left = states.Where(was => after[states.Key].All(place => place.Id != was.Id)).ToList();
            var come = after[states.Key].Where(place => states.All(was => was.Id != place.Id)).ToList();
            if (left.Count > 0 && come.Count > 0)
            {
                return new StateMove(states.Key, $"state '{states.Key}' was saved as {left[0].Text} and is now {come[0].Text}");
            }
        }

        return null;
    }

    private static ILookup<string, (string Id, string Text)> Places(
        IEnumerable<KeyValuePair<string, StateSchema>> parts,
        string owner) => parts
        .SelectMany(part => StateId
            .StatesOf(part.Key, part.Value, owner)
            .Select(name => (Name: name, part.Key, Text: Describe(part, owner))))
        .ToLookup(static state => state.Name, static state => (state.Key, state.Text));

    private static string Describe(KeyValuePair<string, StateSchema> part, string owner)
    {
        var kind = part.Key == owner || part.Key.StartsWith(owner + "/", StringComparison.Ordinal) ? "a value" : "a map or list";
        return part.Value.IsOfWindows ? $"{kind} per key and window" : $"{kind} per key";
    }
}

/// <summary>A state that changed its kind or scope.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">The difference, as the end of a sentence.</param>
internal sealed record StateMove(string Name, string Description);
