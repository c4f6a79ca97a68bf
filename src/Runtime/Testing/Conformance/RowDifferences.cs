namespace Penstock.Testing;

/// <summary>Describes the differences between expected and actual rows.</summary>
internal static class RowDifferences
{
    /// <summary>Compares rows that must be in the same order, and throws if they differ.</summary>
    /// <param name="run">The run of the check.</param>
    /// <param name="expected">The expected rows.</param>
    /// <param name="found">The actual rows.</param>
    /// <param name="comparer">Compares two rows.</param>
    /// <param name="remedy">A sentence with the fix.</param>
    public static void CheckInOrder<T>(
        CheckRun run,
        IReadOnlyList<T> expected,
        IReadOnlyList<T> found,
        IEqualityComparer<T> comparer,
        string remedy)
    {
        if (InOrder(expected, found, comparer) is { } difference)
        {
            throw run.Broken(difference, $"{remedy} (Rows are compared by the Comparer of the setup.)");
        }
    }

    /// <summary>Compares rows that must be in the same order.</summary>
    /// <returns>A sentence with the difference; null if they are the same.</returns>
    public static string? InOrder<T>(IReadOnlyList<T> expected, IReadOnlyList<T> found, IEqualityComparer<T> comparer)
    {
        for (var index = 0; index < Math.Min(expected.Count, found.Count); index++)
        {
            if (!comparer.Equals(expected[index], found[index]))
            {
                return $"row {index} is {found[index]}, and {expected[index]} was expected.";
            }
        }

        return found.Count < expected.Count
            ? $"the last {expected.Count - found.Count} of {expected.Count} rows are missing, from {expected[found.Count]} on."
            : found.Count > expected.Count ? $"there are {found.Count - expected.Count} rows too many, from {found[expected.Count]} on."
            : null;
    }

    /// <summary>Compares rows in any order.</summary>
    /// <returns>A sentence with the difference; null if they are the same.</returns>
    public static string? InAnyOrder<T>(IReadOnlyList<T> expected, IReadOnlyList<T> found, IEqualityComparer<T> comparer)
    {
        var left = found.ToList();
        foreach (var row in expected)
        {
            var index = left.FindIndex(other => comparer.Equals(row, other));
            if (index < 0)
            {
                return $"row {row} is missing among {found.Count} rows ({expected.Count} were expected).";
            }

            left.RemoveAt(index);
        }

        return left.Count == 0
            ? null
            : $"row {left[0]} is there, and should not be, or not as often ({expected.Count} rows were expected, {found.Count} found).";
    }
}
