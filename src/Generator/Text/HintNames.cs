using System.Globalization;
using Penstock.Generator.Equality;

namespace Penstock.Generator.Text;

/// <summary>A generated file.</summary>
/// <param name="Stem">The full name of the class that it extends.</param>
/// <param name="Part">The suffix that distinguishes the files of the class.</param>
/// <param name="Text">The C#.</param>
internal sealed record GeneratedFile(string Stem, string Part, string Text);

/// <summary>
/// The names of generated files, derived from the names of their classes. Most file systems ignore case, but class names do not.
/// </summary>
internal static class HintNames
{
    public static string For(GeneratedFile file, EquatableArray<string> ambiguous) =>
        ambiguous.Contains(file.Stem)
            ? $"{file.Stem}.{StableHash(file.Stem).ToString("x8", CultureInfo.InvariantCulture)}.{file.Part}.g.cs"
            : $"{file.Stem}.{file.Part}.g.cs";

    /// <summary>The names that differ from another name only in case.</summary>
    public static EquatableArray<string> FindAmbiguous(IEnumerable<string> names) => names
        .Distinct()
        .GroupBy(static name => name, StringComparer.OrdinalIgnoreCase)
        .Where(static group => group.Count() > 1)
        .SelectMany(static group => group)
        .OrderBy(static name => name, StringComparer.Ordinal)
        .ToEquatableArray();

    // FNV-1a: the same in every process, unlike string.GetHashCode.
    private static uint StableHash(string text) =>
        text.Aggregate(2166136261u, static (hash, character) => unchecked((hash ^ character) * 16777619u));
}
