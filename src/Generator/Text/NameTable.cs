namespace Penstock.Generator.Text;

/// <summary>
/// Names by purpose. A <see cref="Builder"/> assigns all of them before any code is emitted, so they do not depend on the order in which
/// emitters use them.
/// </summary>
internal sealed class NameTable : IEquatable<NameTable>
{
    private readonly Dictionary<(string Purpose, object Subject), string> _names;

    private NameTable(Dictionary<(string Purpose, object Subject), string> names) => _names = names;

    /// <summary>The name for a purpose.</summary>
    /// <param name="purpose">The role of the named thing.</param>
    /// <param name="subject">What it is for: an id, or a model that is compared by value.</param>
    public string this[string purpose, object subject] => _names.TryGetValue((purpose, subject), out var name)
        ? name
        : throw new InvalidOperationException($"The {purpose} of '{subject}' was given no name.");

    public bool Equals(NameTable? other) => other != null
        && _names.Count == other._names.Count
        && _names.All(given => other._names.TryGetValue(given.Key, out var name) && name == given.Value);

    public override bool Equals(object? obj) => Equals(obj as NameTable);

    public override int GetHashCode() => _names.Count;

    /// <summary>Assigns names.</summary>
    /// <param name="taken">Names that must not be used.</param>
    internal sealed class Builder(IEnumerable<string> taken)
    {
        private readonly Names _free = new(taken);
        private readonly Dictionary<(string Purpose, object Subject), string> _names = [];

        /// <summary>Assigns a name for a purpose. A purpose that already has a name keeps it.</summary>
        /// <param name="purpose">The role of the named thing.</param>
        /// <param name="subject">What it is for.</param>
        /// <param name="wish">The preferred name.</param>
        public void Give(string purpose, object subject, string wish)
        {
            if (!_names.ContainsKey((purpose, subject)))
            {
                _names.Add((purpose, subject), _free.Take(wish));
            }
        }

        public NameTable Build() => new(new(_names));
    }
}
