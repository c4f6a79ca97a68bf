using System.Text;

namespace Penstock.Generator.Text;

/// <summary>
/// The aliases of namespaces in a generated file. Emitters write types with their full namespace (<c>global::Penstock.Tasks.Subtask</c>),
/// which is replaced by an alias from the top of the file (<c>Tasks::Subtask</c>). Before <c>::</c>, C# looks up only aliases, and those of
/// the enclosing namespace first, so no type, member or namespace of the user can be meant instead.
/// </summary>
internal sealed class NamespaceAliases
{
    private const string Root = "global::";

    private static readonly char[] Quotes = ['"', '\''];

    // Every namespace of the runtime that generated code names. Namespaces below them are written relative to the nearest one:
    // Sinks::Files.FileSinkSettings.
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
        "Penstock.Timers",
        "Penstock.Windows",
        "System",
        "System.Buffers",
        "System.Collections.Generic",
        "System.Collections.Immutable",
        "System.ComponentModel",
        "System.Diagnostics.CodeAnalysis",
        "System.Globalization",
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

    /// <summary>The <c>using</c> directives of the aliases that were used, in the order of their namespaces.</summary>
    public IEnumerable<string> Usings => _used.Select(static used => $"using {used.Value} = {Root}{used.Key};");

    /// <summary>A line in which aliases replace namespaces.</summary>
    public string Shorten(string line)
    {
        var next = line.IndexOf(Root, StringComparison.Ordinal);
        if (next < 0)
        {
            return line;
        }

        // A namespace can be inside a string or comment only if one begins in the line.
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

            // Otherwise it is inside a string.
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

    // No keyword begins with a capital letter. If several namespaces have the same last part, the name consists of all parts.
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
