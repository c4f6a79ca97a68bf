namespace Penstock.Generator.Schemas;

/// <summary>
/// The schema of a saved part of a pipeline, such as <c>keyed(string){Count:int32;Last:record{At:datetime}?}</c>: its kind, its key and its
/// fields. The schema of the program may also contain what else it can restore: <c>Total|Sum~(int64):decimal</c> is a field that was called
/// <c>Sum</c>, and whose value a method computes from a saved long; <c>Name~First,Last(string,string):string</c> is computed from two saved
/// fields.
/// </summary>
/// <param name="Kind">The kind of the part: <c>keyed</c>, <c>windows</c>, <c>sliding</c>, <c>cumulative</c>, <c>sessions</c>,
/// <c>sorted</c>, <c>splits</c>, …</param>
/// <param name="Key">The types of the key's members; empty without a key.</param>
/// <param name="Rest">Further parameters after the key, such as the size and offset of windows.</param>
/// <param name="Fields">The fields, as a record.</param>
internal sealed record StateSchema(string Kind, string Key, string Rest, SchemaType Fields)
{
    /// <summary>Whether its entries belong to windows, or to the slices of which windows consist.</summary>
    public bool IsOfWindows => Kind is "windows" or "sliding" or "cumulative" or "sessions";

    /// <summary>Parses a schema.</summary>
    /// <exception cref="FormatException">The text is not a schema.</exception>
    public static StateSchema Parse(string text)
    {
        var brace = text.IndexOf('{');
        if (brace < 0)
        {
            throw new FormatException($"'{text}' has no fields.");
        }

        var head = text.Substring(0, brace);
        var open = head.IndexOf('(');
        var inner = open < 0 ? "" : head.Substring(open + 1).TrimEnd(')');
        if (open >= 0 && head[head.Length - 1] == ')')
        {
            // Tuples in keys have their own parentheses.
            inner = head.Substring(open + 1, head.Length - open - 2);
        }

        var semicolon = inner.IndexOf(';');
        return new StateSchema(
            open < 0 ? head : head.Substring(0, open),
            semicolon < 0 ? inner : inner.Substring(0, semicolon),
            semicolon < 0 ? "" : inner.Substring(semicolon + 1),
            new SchemaParser(text, brace).ReadFields());
    }

    /// <summary>The schema as a string, without former names and upgrades.</summary>
    public override string ToString()
    {
        var fields = Fields.ToString();
        var head = Key.Length == 0 && Rest.Length == 0 ? "" : $"({Key}{(Rest.Length > 0 ? ";" + Rest : "")})";
        return Kind + head + fields.Substring("record".Length);
    }
}
