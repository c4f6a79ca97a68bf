using System.Globalization;
using Penstock.Generator.Declarations;
using Penstock.Generator.Findings;

namespace Penstock.Generator.Validation;

/// <summary>Checks constant options of connectors of other packages that the connector would refuse at the start, or ignore.</summary>
internal static class OptionRules
{
    private static readonly DateTimeOffset Epoch = new(1970, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static IEnumerable<DiagnosticInfo> Validate(ConnectorDeclaration connector, Func<string?, DiagnosticAnchor> place)
    {
        foreach (var option in connector.Options)
        {
            if (FindProblem(option.Kind, option.Text) is { } reason)
            {
                yield return new DiagnosticInfo("PEN535", place(option.Name), option.Name, option.Text, reason);
            }
            else if (option.Lacking != null)
            {
                yield return new DiagnosticInfo("PEN537", place(option.Name), option.Name, option.Lacking);
            }
            else if (option is { Begin: { } begin, BeginText: { } first }
                && FindProblem(option.Kind, first) == null
                && IsEmpty(option.Kind, first, option.Text))
            {
                yield return new DiagnosticInfo("PEN536", place(option.Name), option.Name, option.Text, begin, first);
            }
        }
    }

    private static string? FindProblem(OptionText kind, string text) => kind switch
    {
        OptionText.Instant => InstantOf(text) == null ? "write a time since 1970, such as \"2026-01-01T00:00:00Z\"" : null,
        OptionText.Offsets => OffsetsOf(text) == null
            ? "write each partition once, with its offset, such as \"0:100, 1:250\", or with several topics \"orders/0:100\""
            : null,
        _ => throw new InvalidOperationException($"Unknown kind of option: {kind}."),
    };

    // There is nothing between two equal times. A partition with equal offsets is allowed: it is excluded.
    private static bool IsEmpty(OptionText kind, string begin, string end) => kind switch
    {
        OptionText.Instant => InstantOf(end) <= InstantOf(begin),
        OptionText.Offsets => OffsetsOf(begin) is { } first
            && OffsetsOf(end)!.Any(last => first.TryGetValue(last.Key, out var offset) && last.Value < offset),
        _ => throw new InvalidOperationException($"Unknown kind of option: {kind}."),
    };

    private static DateTimeOffset? InstantOf(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) && instant >= Epoch
            ? instant
            : null;

    private static Dictionary<(string Topic, int Partition), long>? OffsetsOf(string text)
    {
        var offsets = new Dictionary<(string, int), long>();
        foreach (var item in text.Split(',').Select(static item => item.Trim()).Where(static item => item.Length > 0))
        {
            var colon = item.LastIndexOf(':');
            var slash = colon < 0 ? -1 : item.LastIndexOf('/', colon);
            if (colon < 0 || slash == 0
                || !int.TryParse(
                    item.Substring(slash + 1, colon - slash - 1),
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out var partition)
                || !long.TryParse(item.Substring(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var offset))
            {
                return null;
            }

            var key = (slash < 0 ? "" : item.Substring(0, slash), partition);
            if (offsets.ContainsKey(key))
            {
                return null;
            }

            offsets.Add(key, offset);
        }

        return offsets.Count > 0 ? offsets : null;
    }
}
