using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;

namespace Penstock.Testing.Simulation;

/// <summary>Formats rows of any type as text with all of their public members, for comparison and display.</summary>
[RequiresUnreferencedCode("Reads the members by reflection.")]
internal static class RowTexts
{
    private const int Deepest = 8;

    public static string Of(object? value, int depth = 0) => value switch
    {
        null => "null",
        string text => $"\"{text}\"",
        DateTime or DateTimeOffset or DateOnly or TimeOnly => ((IFormattable)value).ToString("O", CultureInfo.InvariantCulture),
        ReadOnlyMemory<byte> bytes => Convert.ToHexString(bytes.Span),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        bool or char => value.ToString()!,
        _ when depth == Deepest => throw new NotSupportedException($"Rows of more than {Deepest} levels cannot be compared."),
        IEnumerable items => $"[{string.Join(", ", items.Cast<object?>().Select(item => Of(item, depth + 1)))}]",
        _ => Members(value, depth + 1),
    };

    /// <summary>Returns the text of some members of a row.</summary>
    public static string Of(object? row, IReadOnlyList<string> members) =>
        string.Join(", ", Visible(row!).Where(member => members.Contains(member.Name)).Select(static member => Of(member.Value)));

    private static string Members(object value, int depth) =>
        $"{{ {string.Join(", ", Visible(value).Select(member => $"{member.Name} = {Of(member.Value, depth)}"))} }}";

    private static IEnumerable<(string Name, object? Value)> Visible(object value)
    {
        const BindingFlags visible = BindingFlags.Public | BindingFlags.Instance;
        return value.GetType().GetProperties(visible).Where(static property => property.GetIndexParameters().Length == 0).Select(property =>
            (property.Name, property.GetValue(value)))
            .Concat(value.GetType().GetFields(visible).Select(field => (field.Name, field.GetValue(value))));
    }
}
