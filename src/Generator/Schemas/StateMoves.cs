namespace Penstock.Generator.Schemas;

/// <summary>
/// Finds states that keep their name but are of another kind or scope than they were saved as: a value that has become a map, or one of a
/// window that has become one of the key. What was saved would be passed over, and the state would silently begin empty.
/// </summary>
internal static class StateMoves
{
    /// <summary>Finds the first such state of an operator.</summary>
    /// <param name="saved">The saved schemas by their ids.</param>
    /// <param name="now">Those of the program.</param>
    /// <param name="owner">The id of the operator.</param>
    /// <returns>The state; null where there is none.</returns>
    public static StateMove? Find(
        IEnumerable<KeyValuePair<string, StateSchema>> saved,
        IEnumerable<KeyValuePair<string, StateSchema>> now,
        string owner)
    {
        var before = Places(saved, owner);
        var after = Places(now, owner);
        foreach (var states in before)
        {
            // Where it has its old place, too, it is not this one that has moved.
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
        return part.Value.Kind == "windows" ? $"{kind} per key and window" : $"{kind} per key";
    }
}

/// <summary>A state of another kind or scope than it was saved as.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">The difference, as the end of a sentence.</param>
internal sealed record StateMove(string Name, string Description);
