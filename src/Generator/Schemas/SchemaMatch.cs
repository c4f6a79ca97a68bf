namespace Penstock.Generator.Schemas;

/// <summary>
/// The rules by which a changed program restores saved state, both at the start and in the build: fields are matched by their current and
/// former names, removed fields are dropped, new fields get their default values, and types may only become larger.
/// </summary>
internal sealed class SchemaMatch
{
    private readonly List<Refusal> _refusals = [];
    private readonly List<Rename> _renames = [];

    private SchemaMatch(StateSchema saved, StateSchema now)
    {
        if (saved.Kind != now.Kind)
        {
            _refusals.Add(Refusal.OfKind(saved, now));
        }
        else if (saved.Key != now.Key)
        {
            _refusals.Add(Refusal.OfKey(saved, now));
        }
        else if (saved.Rest != now.Rest)
        {
            _refusals.Add(Refusal.OfRest(saved, now));
        }
        else
        {
            Conversion = Records(saved.Fields, now.Fields, "", isLossless: false);
        }
    }

    /// <summary>Why the state cannot be restored; empty if it can.</summary>
    public IReadOnlyList<Refusal> Refusals => _refusals;

    /// <summary>Fields that may have been renamed, although the program does not declare it.</summary>
    public IReadOnlyList<Rename> Renames => _renames;

    /// <summary>How the state is restored; null if it cannot be.</summary>
    public Conversion? Conversion { get; }

    /// <summary>Compares a saved schema with that of the program.</summary>
    /// <param name="saved">The saved schema.</param>
    /// <param name="now">The schema of the program, with former names and upgrades.</param>
    public static SchemaMatch Of(StateSchema saved, StateSchema now) => new(saved, now);

    private Conversion? Values(SchemaType from, SchemaType to, string path, bool isLossless)
    {
        if (from.ToString() == to.ToString() || (IsUnknownCodec(from, to) || IsUnknownCodec(to, from)))
        {
            return new Conversion.Keep(from);
        }

        if (to.Kind == SchemaKind.Nullable)
        {
            return from.Kind == SchemaKind.Nullable
                ? Part(from.Parts[0], to.Parts[0], path, isLossless, value => new Conversion.Nullable(from.IsFixed, value), from, to)
                : Part(from, to.Parts[0], path, isLossless, static value => new Conversion.Wrap(value), from, to);
        }

        return (from.Kind, to.Kind) switch
        {
            (SchemaKind.Scalar, SchemaKind.Scalar) when Widening.Fits(from.Name, to.Name) => new Conversion.Widen(from, to),
            (SchemaKind.List, SchemaKind.List) => Elements(from, to, [path + "[]"], isLossless),
            (SchemaKind.Set, SchemaKind.Set) => Elements(from, to, [path + "[]"], isLossless: true),
            (SchemaKind.Map, SchemaKind.Map) => Elements(from, to, [path + ".Keys[]", path + ".Values[]"], isLossless),
            (SchemaKind.Tuple, SchemaKind.Tuple) when from.Parts.Count == to.Parts.Count => Tuples(from, to, path, isLossless),
            (SchemaKind.Record, SchemaKind.Record) => Records(from, to, path, isLossless),
            _ => Refuse(Refusal.Changed(path, from, to)),
        };
    }

    // Differences inside a part that is not a record are reported for the whole part, because that is the type in the source code.
    private Conversion? Part(
        SchemaType from,
        SchemaType to,
        string path,
        bool isLossless,
        Func<Conversion, Conversion> make,
        SchemaType wholeFrom,
        SchemaType wholeTo)
    {
        var before = _refusals.Count;
        if (Values(from, to, path, isLossless) is { } value)
        {
            return make(value);
        }

        for (var i = before; i < _refusals.Count; i++)
        {
            if (_refusals[i].Path == path)
            {
                _refusals[i] = Refusal.Changed(path, wholeFrom, wholeTo);
            }
        }

        return null;
    }

    private Conversion? Elements(SchemaType from, SchemaType to, IReadOnlyList<string> paths, bool isLossless)
    {
        var parts = from.Parts
            .Select((part, i) => Values(part, to.Parts[i], paths[i], isLossless || (from.Kind == SchemaKind.Map && i == 0)))
            .ToList();
        return parts.Contains(null) ? null : new Conversion.Elements(parts!);
    }

    private Conversion? Tuples(SchemaType from, SchemaType to, string path, bool isLossless)
    {
        var items = from.Parts.Select((part, i) => Values(part, to.Parts[i], $"{path}.Item{i + 1}", isLossless)).ToList();
        return items.Contains(null) ? null : new Conversion.Tuple(items!);
    }

    private Conversion? Records(SchemaType from, SchemaType to, string path, bool isLossless)
    {
        var before = _refusals.Count;
        var sources = Sources(from, to);
        var fields = to.Fields
            .Select((field, i) => Field(field, from, sources[i], path.Length == 0 ? field.Name : $"{path}.{field.Name}", isLossless))
            .ToList();
        if (isLossless)
        {
            for (var i = 0; i < from.Fields.Count; i++)
            {
                if (!sources.Contains(i))
                {
                    Refuse(Refusal.Lost($"{path}.{from.Fields[i].Name}", from.Fields[i].Type));
                }
            }
        }

        if (_refusals.Count > before)
        {
            return null;
        }

        FindRenames(from, to, fields!, path);
        return new Conversion.Record(from, fields!);
    }

    private void FindRenames(SchemaType from, SchemaType to, IReadOnlyList<FieldConversion> fields, string path)
    {
        var lost = Enumerable.Range(0, from.Fields.Count)
            .Where(index => !fields.Any(field => field.Sources.Any(source => source.Field == index)))
            .ToList();
        var added = Enumerable.Range(0, fields.Count).Where(index => fields[index].Sources.Count == 0).ToList();

        // A field of the same type is more likely the renamed one than a field of a type that can hold the saved values, too.
        TakeRenames(static (former, current) => $"{former}" == $"{current}");
        TakeRenames((former, current) => Try(former, current, path, isLossless: true) != null);

        void TakeRenames(Func<SchemaType, SchemaType, bool> fits)
        {
            foreach (var current in added.ToList())
            {
                var index = lost.FindIndex(former => fits(from.Fields[former].Type, to.Fields[current].Type));
                if (index >= 0)
                {
                    var name = to.Fields[current].Name;
                    _renames.Add(new Rename(path.Length == 0 ? name : $"{path}.{name}", from.Fields[lost[index]].Name));
                    lost.RemoveAt(index);
                    added.Remove(current);
                }
            }
        }
    }

    /// <summary>
    /// The index of the saved field for each field, or -1. A former name applies only if the current name was not saved. It then takes
    /// precedence over a new field with that name.
    /// </summary>
    private static int[] Sources(SchemaType from, SchemaType to)
    {
        var sources = to.Fields.Select(field => IndexOf(from, field.Name)).ToArray();
        for (var i = 0; i < sources.Length; i++)
        {
            if (IndexOf(from, to.Fields[i].Name) < 0)
            {
                var former = to.Fields[i].FormerNames.Select(name => IndexOf(from, name))
                    .Where(static index => index >= 0)
                    .DefaultIfEmpty(-1)
                    .First();
                if (former >= 0)
                {
                    for (var other = 0; other < sources.Length; other++)
                    {
                        sources[other] = sources[other] == former ? -1 : sources[other];
                    }
                }

                sources[i] = former;
            }
        }

        return sources;
    }

    private FieldConversion? Field(SchemaField field, SchemaType from, int source, string path, bool isLossless)
    {
        if (source < 0)
        {
            return Made(field, from, path);
        }

        var saved = from.Fields[source].Type;
        if (saved.ToString() == field.Type.ToString())
        {
            return new FieldConversion(field.Type, [(source, new Conversion.Keep(saved))]);
        }

        // A method whose parameter has the saved type takes precedence, because its author wants to convert even a value that could be
        // kept.
        var upgrades = field.Upgrades.Where(static upgrade => upgrade.From.Count == 0).ToList();
        if (Upgraded(isLossless: true) is { } upgraded)
        {
            return upgraded;
        }

        var before = _refusals.Count;
        if (Values(saved, field.Type, path, isLossless) is { } conversion)
        {
            return new FieldConversion(field.Type, [(source, conversion)]);
        }

        upgraded = Upgraded(isLossless: false);
        if (upgraded != null)
        {
            _refusals.RemoveRange(before, _refusals.Count - before);
        }

        return upgraded;

        FieldConversion? Upgraded(bool isLossless) => upgrades
            .Select(upgrade => Try(saved, upgrade.Takes[0], path, isLossless) is { } argument
                ? new FieldConversion(field.Type, [(source, argument)], upgrade.Index)
                : null)
            .FirstOrDefault(static made => made != null);
    }

    // A field that was not saved: it is computed from others that were, or it is new.
    private FieldConversion? Made(SchemaField field, SchemaType from, string path)
    {
        foreach (var upgrade in field.Upgrades.Where(static upgrade => upgrade.From.Count > 0))
        {
            var indexes = upgrade.From.Select(name => IndexOf(from, name)).ToList();
            if (indexes.All(static index => index < 0))
            {
                continue;
            }

            if (indexes.IndexOf(-1) is >= 0 and var missing)
            {
                Refuse(Refusal.NotSaved(path, upgrade.From[missing]));
                return null;
            }

            var arguments = indexes
                .Select((index, i) => Values(from.Fields[index].Type, upgrade.Takes[i], upgrade.From[i], isLossless: false))
                .ToList();
            return arguments.Contains(null)
                ? null
                : new FieldConversion(field.Type, [.. indexes.Select((index, i) => (index, arguments[i]!))], upgrade.Index);
        }

        return new FieldConversion(field.Type, []);
    }

    private Conversion? Try(SchemaType from, SchemaType to, string path, bool isLossless)
    {
        var refusals = _refusals.Count;
        var renames = _renames.Count;
        var conversion = Values(from, to, path, isLossless);
        _refusals.RemoveRange(refusals, _refusals.Count - refusals);
        _renames.RemoveRange(renames, _renames.Count - renames);
        return conversion;
    }

    private Conversion? Refuse(Refusal refusal)
    {
        _refusals.Add(refusal);
        return null;
    }

    // The build may not know the schema of a codec in another assembly. The start checks it.
    private static bool IsUnknownCodec(SchemaType one, SchemaType other) =>
        one.Kind == SchemaKind.Opaque
            && one.Name.StartsWith("codec<?", StringComparison.Ordinal)
            && other.Kind == SchemaKind.Opaque
            && other.Name.StartsWith("codec<", StringComparison.Ordinal);

    private static int IndexOf(SchemaType record, string name)
    {
        for (var i = 0; i < record.Fields.Count; i++)
        {
            if (record.Fields[i].Name == name)
            {
                return i;
            }
        }

        return -1;
    }
}

/// <summary>A new field that may be a removed one under another name.</summary>
/// <param name="Path">The path of the new field.</param>
/// <param name="Former">The name of the removed field.</param>
internal sealed record Rename(string Path, string Former);
