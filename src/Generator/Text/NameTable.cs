namespace Penstock.Generator.Text;

/// <summary>
/// Names by what they are for. All are given by a <see cref="Builder"/> before anything is written, so that no order in which emitters ask
/// makes a difference.
/// </summary>
internal sealed class NameTable : IEquatable<NameTable>
{
    private readonly Dictionary<(string Purpose, object Subject), string> _names;

    private NameTable(Dictionary<(string Purpose, object Subject), string> names) => _names = names;

    /// <summary>The name for a purpose.</summary>
    /// <param name="purpose">What it does.</param>
    /// <param name="subject">What it is for: an id, or the model of all that is emitted, by its value.</param>
    public string this[string purpose, object subject] => _names.TryGetValue((purpose, subject), out var name)
        ? name
        : throw new InvalidOperationException($"The {purpose} of '{subject}' was given no name.");

    public bool Equals(NameTable? other) => other != null
        && _names.Count == other._names.Count
        && _names.All(given => other._names.TryGetValue(given.Key, out var name) && name == given.Value);

    public override bool Equals(object? obj) => Equals(obj as NameTable);

    public override int GetHashCode() => _names.Count;

    /// <summary>Gives names.</summary>
    /// <param name="taken">Those that nothing may have.</param>
    internal sealed class Builder(IEnumerable<string> taken)
    {
        private readonly Names _free = new(taken);
        private readonly Dictionary<(string Purpose, object Subject), string> _names = [];

        /// <summary>Gives a name for a purpose; the same purpose keeps the name that it has.</summary>
        /// <param name="purpose">What it does.</param>
        /// <param name="subject">What it is for.</param>
        /// <param name="wish">The name, if it is free.</param>
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
