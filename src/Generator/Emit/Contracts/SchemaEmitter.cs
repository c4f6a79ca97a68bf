using Penstock.Generator.Emit.Values;
using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit;

/// <summary>Emits the schemas of states.</summary>
internal static class SchemaEmitter
{
    // Encloses the expression of a codec's schema, which may be known only at run time.
    private const char Quote = '\0';

    private static readonly ValueSchema Plain = new(withFormer: false, Quoted);
    private static readonly ValueSchema Full = new(withFormer: true, Quoted);

    /// <summary>The constant of a codec with the schema of its states, to which the attribute of the contract refers.</summary>
    public const string Constant = "Fields";

    /// <summary>
    /// The schema of states with their former names and upgrades, which other builds need: it is written once, as a constant of the codec.
    /// Null if it is known only at run time, and if there are no states.
    /// </summary>
    public static string? ConstantOf(IReadOnlyList<StateSlot> states)
    {
        var full = Full.States(states.Select(static state => state.Schema));
        return full.Length > 0 && full.IndexOf(Quote) < 0 ? full : null;
    }

    /// <summary>The C# expression of the schema of states.</summary>
    public static string Expression(IEnumerable<StateSlot> states) => Expression(Plain.States(states.Select(static state => state.Schema)));

    /// <summary>The C# expression of the schema of states with their former names and upgrades; null if there are none.</summary>
    public static string? Accepted(IReadOnlyList<StateSlot> states)
    {
        var full = Full.States(states.Select(static state => state.Schema));
        return full == Plain.States(states.Select(static state => state.Schema)) ? null : Expression(full);
    }

    private static string Quoted(ValueModel value) => $"{Quote}{ReadEmitter.CodecOf(value)}.Schema{Quote}";

    private static string Expression(string schema)
    {
        var parts = schema.Split(Quote);
        var terms = parts
            .Select(static (part, i) => i % 2 == 1 ? part : CSharp.Literal(part))
            .Where(static (term, i) => i == 0 || term.Length > 2);
        return string.Join(" + ", terms);
    }
}
