using Microsoft.CodeAnalysis;

namespace Penstock.Generator.Declarations;

/// <summary>Why a value that code reads is different when rows are processed again.</summary>
internal enum OutsideAnswer
{
    /// <summary>It is the time of the machine.</summary>
    Clock,

    /// <summary>It is random.</summary>
    Chance,

    /// <summary>It differs between processes.</summary>
    Process,

    /// <summary>It starts over at each start of the program.</summary>
    Start,
}

/// <summary>The members of .NET whose results are different when rows are processed again.</summary>
internal static class OutsideMembers
{
    private static readonly Dictionary<string, OutsideAnswer> Kinds = Table(
        (OutsideAnswer.Clock, "System.DateTime", "Now UtcNow Today"),
        (OutsideAnswer.Clock, "System.DateTimeOffset", "Now UtcNow"),
        (OutsideAnswer.Clock, "System.Diagnostics.Stopwatch", "GetTimestamp Elapsed ElapsedMilliseconds ElapsedTicks"),
        (OutsideAnswer.Clock, "System.Environment", "TickCount TickCount64"),
        (OutsideAnswer.Clock, "System.TimeProvider", "System"),
        (OutsideAnswer.Chance, "System.Guid", "NewGuid CreateVersion7"),
        (OutsideAnswer.Chance, "System.Random", "Shared"),
        (
            OutsideAnswer.Chance,
            "System.Security.Cryptography.RandomNumberGenerator",
            "Create Fill GetBytes GetHexString GetInt32 GetItems GetNonZeroBytes GetString Shuffle"),
        (OutsideAnswer.Chance, "System.IO.Path", "GetRandomFileName GetTempFileName"),
        (OutsideAnswer.Process, "System.HashCode", "Combine ToHashCode"),
        (OutsideAnswer.Process, "System.String", "GetHashCode"));

    /// <summary>Their names.</summary>
    public static HashSet<string> Names { get; } = [.. Kinds.Keys.Select(static key => key.Substring(key.LastIndexOf('.') + 1))];

    /// <summary>Why the result of a member is different; null if it is not.</summary>
    public static OutsideAnswer? KindOf(ISymbol? member) =>
        member?.ContainingType is { } owner
            && Kinds.TryGetValue($"{owner.ContainingNamespace.ToDisplayString()}.{owner.Name}.{member.Name}", out var kind) ? kind : null;

    private static Dictionary<string, OutsideAnswer> Table(params (OutsideAnswer Kind, string Type, string Members)[] rows) =>
        rows
            .SelectMany(static row => row.Members.Split(' ').Select(member => (Key: $"{row.Type}.{member}", row.Kind)))
            .ToDictionary(static row => row.Key, static row => row.Kind);
}
