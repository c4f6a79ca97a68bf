using System.Runtime.CompilerServices;

namespace Penstock.State;

/// <summary>
/// Maps keys to leaves: each leaf has the keys from its first one up to the first one of the next leaf. A balanced search tree (Andersson:
/// "Balanced search trees made simple", 1993).
/// </summary>
/// <typeparam name="TKey">The key type.</typeparam>
internal struct KeyOrder<TKey>
    where TKey : struct, IKey<TKey>
{
    private Node? _root;

    /// <summary>The memory per leaf in this tree, in bytes.</summary>
    public static int NodeBytes => 48 + Unsafe.SizeOf<TKey>();

    /// <summary>
    /// Returns the leaf of a key. Keys less than all first keys belong to the first leaf. There must be at least one leaf.
    /// </summary>
    public readonly int Find(TKey key)
    {
        Node? found = null;
        var last = _root!;
        for (var node = _root; node != null;)
        {
            last = node;
            if (TKey.Compare(node.First, key) <= 0)
            {
                found = node;
                node = node.Right;
            }
            else
            {
                node = node.Left;
            }
        }

        return (found ?? last).Leaf;
    }

    /// <summary>Adds a leaf.</summary>
    public void Add(TKey first, int leaf) => _root = Add(_root, first, leaf);

    /// <summary>Lowers the first key of the first leaf to a key in it, if that is smaller. Called before the leaf is split.</summary>
    public readonly void Include(TKey key)
    {
        var first = _root!;
        while (first.Left is { } left)
        {
            first = left;
        }

        if (TKey.Compare(key, first.First) < 0)
        {
            first.First = key;
        }
    }

    private static Node Add(Node? node, TKey first, int leaf)
    {
        if (node == null)
        {
            return new Node(first, leaf);
        }

        if (TKey.Compare(first, node.First) < 0)
        {
            node.Left = Add(node.Left, first, leaf);
        }
        else
        {
            node.Right = Add(node.Right, first, leaf);
        }

        return Split(Skew(node));
    }

    private static Node Skew(Node node)
    {
        if (node.Left is not { } left || left.Level != node.Level)
        {
            return node;
        }

        node.Left = left.Right;
        left.Right = node;
        return left;
    }

    private static Node Split(Node node)
    {
        if (node.Right is not { Right: { } far } right || far.Level != node.Level)
        {
            return node;
        }

        node.Right = right.Left;
        right.Left = node;
        right.Level++;
        return right;
    }

    private sealed class Node(TKey first, int leaf)
    {
        public TKey First { get; set; } = first;

        public int Leaf => leaf;

        public int Level { get; set; } = 1;

        public Node? Left { get; set; }

        public Node? Right { get; set; }
    }
}
