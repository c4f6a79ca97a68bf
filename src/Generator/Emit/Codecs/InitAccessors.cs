using Penstock.Generator.Identifiers;
using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit.Codecs;

/// <summary>
/// The accessors of a reader for init-only members of classes, each once. Creating the object again would allocate twice per row.
/// </summary>
/// <param name="taken">The names of other members of the reader.</param>
internal sealed class InitAccessors(IEnumerable<string> taken)
{
    private readonly Names _names = new(taken);
    private readonly List<(ColumnModel Column, string Name)> _accessors = [];

    /// <summary>The method that sets a member.</summary>
    /// <param name="column">The column of the member.</param>
    /// <param name="type">The type of the object, which the name of the method contains if several types have such a member.</param>
    public string Of(ColumnModel column, string type)
    {
        var known = _accessors.Find(known =>
            known.Column.Member == column.Member && known.Column.Setter!.Owner == column.Setter!.Owner);
        if (known.Name != null)
        {
            return known.Name;
        }

        var wish = "Set" + Identifier.Pascal(column.Member.TrimStart('@'));
        var name = _names.Take(wish, $"{wish}Of{Identifier.Pascal(type)}");
        _accessors.Add((column, name));
        return name;
    }

    public void Emit(CodeWriter code)
    {
        foreach (var (column, name) in _accessors)
        {
            code.Line();
            code.Line(
                $"[global::System.Runtime.CompilerServices.UnsafeAccessor(global::System.Runtime.CompilerServices.UnsafeAccessorKind.Method, Name = {CodecNames.Literal("set_" + column.Member)})]");
            code.Line($"private static extern void {name}({column.Setter!.Owner} instance, {column.Type} value);");
        }
    }
}
