using System.Text;

namespace Penstock.Generator.Text;

/// <summary>
/// The aliases of namespaces in one generated file. Emitters write types with all of their namespace
/// (<c>global::Penstock.Tasks.Subtask</c>); here that becomes an alias that stands at the head of the file (<c>Tasks::Subtask</c>). In
/// front of <c>::</c> C# looks for aliases alone, and first for those of the namespace that they stand in: so no type, member or namespace
/// of a user's can be meant instead, whatever it is called.
/// </summary>
internal sealed class NamespaceAliases
{
    private const string Root = "global::";

    private static readonly char[] Quotes = ['"', '\''];

    // What stands below these is written behind the nearest of them: Sinks::Files.FileSinkSettings.
    private static readonly string[] Common =
    [
        "MemoryPack",
        "Microsoft.Extensions.DependencyInjection",
        "Penstock",
        "Penstock.Connectors",
        "Penstock.Formats",
        "Penstock.Sinks",
        "Penstock.Sources",
        "Penstock.State",
        "Penstock.Streams",
        "Penstock.Tasks",
        "Penstock.Time",
        "Penstock.Windows",
        "System",
        "System.Buffers",
        "System.Collections.Generic",
        "System.Collections.Immutable",
        "System.ComponentModel",
        "System.Runtime.CompilerServices",
        "System.Runtime.InteropServices",
    ];

    // The longest namespaces first.
    private readonly List<(string Name, string Alias)> _known = [];
    private readonly SortedDictionary<string, string> _used = new(StringComparer.Ordinal);

    /// <summary>The aliases of a file.</summary>
    /// <param name="own">The namespace of what the file declares.</param>
    public NamespaceAliases(string own)
    {
        foreach (var common in Common)
        {
            _known.Add((common, LastPart(common)));
        }

        var names = new Names(_known.Select(static known => known.Alias));
        for (var name = own; name.Length > 0; name = name.Substring(0, Math.Max(name.LastIndexOf('.'), 0)))
        {
            if (!Common.Contains(name))
            {
                _known.Add((name, names.Take(AliasOf(name))));
            }
        }

        _known.Sort(static (left, right) => right.Name.Length - left.Name.Length);
    }

    /// <summary>The <c>using</c> directives of the aliases that were needed, in the order of their namespaces.</summary>
    public IEnumerable<string> Usings => _used.Select(static used => $"using {used.Value} = {Root}{used.Key};");

    /// <summary>A line with its namespaces behind aliases.</summary>
    public string Shorten(string line)
    {
        var next = line.IndexOf(Root, StringComparison.Ordinal);
        if (next < 0)
        {
            return line;
        }

        // Only where a text or a comment begins, a namespace may stand in one.
        var hasTexts = line.IndexOfAny(Quotes) >= 0 || line.Contains("//");
        var text = new StringBuilder(line.Length);
        var from = 0;
        for (var at = 0; next >= 0; next = line.IndexOf(Root, at, StringComparison.Ordinal))
        {
            while (hasTexts && at < next)
            {
                at = Math.Max(Lexing.SkipText(line, at), at + 1);
            }

            at = Math.Max(at, next);

            // Else it stands in a text.
            if (at == next)
            {
                at += Root.Length;
                if (NamespaceAt(line, at) is ({ } name, { } alias))
                {
                    _used[name] = alias;
                    text.Append(line, from, next - from).Append(alias).Append("::");
                    at += name.Length + 1;
                    from = at;
                }
            }
        }

        return text.Append(line, from, line.Length - from).ToString();
    }

    private (string? Name, string? Alias) NamespaceAt(string line, int at)
    {
        foreach (var (name, alias) in _known)
        {
            var end = at + name.Length;
            if (end < line.Length && line[end] == '.' && string.CompareOrdinal(line, at, name, 0, name.Length) == 0)
            {
                return (name, alias);
            }
        }

        return default;
    }

    // No keyword begins with a capital letter. Where the last part is common to several namespaces, all parts make the name.
    private static string AliasOf(string own)
    {
        var last = Capital(LastPart(own));
        return Common.Any(common => LastPart(common) == last) ? string.Concat(own.Split('.').Select(Capital)) : last;
    }

    private static string LastPart(string name) => name.Substring(name.LastIndexOf('.') + 1);

    private static string Capital(string name)
    {
        var bare = name.TrimStart('@');
        return char.ToUpperInvariant(bare[0]) + bare.Substring(1);
    }
}
