using Penstock.Generator.Shared;

namespace Penstock.Generator.Schemas;

/// <summary>A reason why saved state cannot be restored.</summary>
/// <param name="Path">The field, such as <c>Trades[].Price</c>; null if it concerns the whole operator.</param>
/// <param name="Subject">The part of the operator that it concerns.</param>
/// <param name="Description">The difference, as the end of a sentence.</param>
internal sealed record Refusal(string? Path, RefusalSubject Subject, string Description)
{
    public static Refusal Changed(string path, SchemaType from, SchemaType to) =>
        new(path, RefusalSubject.Field, $"field '{path}' was saved as {from} and is now {to}{DescribeMismatch(from, to)}");

    public static Refusal Lost(string path, SchemaType type) =>
        new(
            path,
            RefusalSubject.Field,
            $"field '{path}' of type {type} is gone, but it is part of a key of a set or dictionary, and without it two keys could become equal");

    public static Refusal NotSaved(string path, string missing) =>
        new(
            path,
            RefusalSubject.Field,
            $"field '{path}' is computed from '{missing}' by a [StateUpgrade] method, but '{missing}' was not saved");

    public static Refusal OfKey(StateSchema saved, StateSchema now) =>
        new(null, RefusalSubject.Key, $"its key was saved as {saved.Key} and is now {now.Key}, but keys cannot change");

    public static Refusal OfKind(StateSchema saved, StateSchema now) =>
        new(null, RefusalSubject.Kind, $"it was saved as {Name(saved)} and is now {Name(now)}");

    public static Refusal OfRest(StateSchema saved, StateSchema now) => saved.IsOfWindows
        ? new(
            null,
            RefusalSubject.Window,
            $"its windows were saved as {Window(saved)} and are now {Window(now)}, but the windows of an operator cannot change")
        : OfKind(saved, now);

    private static string Name(StateSchema schema) => schema.Kind switch
    {
        "keyed" => "state by key",
        "windows" => "windows of " + Window(schema),
        "sliding" => "sliding windows of " + Window(schema),
        "cumulative" => "cumulative windows of " + Window(schema),
        "sessions" => "sessions with a gap of " + Window(schema),
        "sorted" => "rows to sort by time",
        "splits" => "the splits of a source",
        "calls" => "rows in flight",
        _ => schema.Rest.Length > 0 ? $"{schema.Kind}({schema.Rest})" : schema.Kind,
    };

    private static string Window(StateSchema schema)
    {
        // The size, for windows that overlap the distance between them, and the offset; for sessions, the gap.
        var numbers = schema.Rest.Split(',').Select(static text => long.TryParse(text, out var number) ? number : -1).ToList();
        if (numbers.Contains(-1) || numbers.Count is not (1 or 2 or 3))
        {
            return schema.Rest;
        }

        var offset = numbers.Count == 1 ? 0 : numbers[numbers.Count - 1];
        return Durations.Format(numbers[0])
            + (numbers.Count == 3 ? $" every {Durations.Format(numbers[1])}" : "")
            + (offset == 0 ? "" : $" with an offset of {Durations.Format(offset)}");
    }

    private static string DescribeMismatch(SchemaType from, SchemaType to) => (from.Kind, to.Kind) switch
    {
        (SchemaKind.Nullable, not SchemaKind.Nullable) => ", which cannot be null",
        (SchemaKind.Scalar, SchemaKind.Scalar) when Widening.IsNumber(from.Name) && Widening.IsNumber(to.Name) =>
            $", which does not hold every {from} exactly",
        _ => "",
    };
}

/// <summary>The part of an operator that does not match.</summary>
internal enum RefusalSubject
{
    Field,
    Key,
    Window,
    Kind,
}
