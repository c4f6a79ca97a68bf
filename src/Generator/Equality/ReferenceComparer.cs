using System.Runtime.CompilerServices;

namespace Penstock.Generator.Equality;

/// <summary>Compares objects by reference. Comparing models by value takes time proportional to their size.</summary>
internal sealed class ReferenceComparer<T> : IEqualityComparer<T>
    where T : class
{
    public static ReferenceComparer<T> Instance { get; } = new();

    public bool Equals(T? left, T? right) => ReferenceEquals(left, right);

    public int GetHashCode(T value) => RuntimeHelpers.GetHashCode(value);
}
