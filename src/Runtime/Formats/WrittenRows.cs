using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Penstock.Formats;

/// <summary>What must hold of a row before it is written, where its type does not say it. For generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class WrittenRows
{
    /// <summary>Ends with a clear message where a row is null, or is of a derived type, whose own members would not be written.</summary>
    /// <typeparam name="T">The type as which it is written.</typeparam>
    /// <param name="row">The row.</param>
    /// <exception cref="InvalidOperationException">It is null, or of another type.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void RequireExact<T>(T row)
    {
        if (row is null || row.GetType() != typeof(T))
        {
            Refuse(row, typeof(T));
        }
    }

    /// <summary>Ends with a clear message where a row is null.</summary>
    /// <typeparam name="T">The type as which it is written.</typeparam>
    /// <param name="row">The row.</param>
    /// <exception cref="InvalidOperationException">It is null.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Require<T>(T row)
    {
        if (row is null)
        {
            Refuse(row, typeof(T));
        }
    }

    [DoesNotReturn]
    private static void Refuse(object? row, Type type) => throw new InvalidOperationException(row is null
        ? $"A row of type {type} is null, and null is no row: leave it out with a [Filter], or make a [FlatMap] of the [Map] that made it."
        : $"A row is a {row.GetType()}, but its stream is of {type}: it would be written without what it has of its own. Let a [Map] make "
            + $"rows of one type, or hold it in a member of a row, with [JsonDerivedType] on {type}.");
}
