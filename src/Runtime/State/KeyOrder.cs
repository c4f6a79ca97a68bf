using System.Runtime.CompilerServices;

namespace Penstock.State;

/// <summary>
/// Segments in the order of their keys: each has the keys from its first one on, up to the first one of the next. A balanced search tree (Andersson:
/// "Balanced search trees made simple", 1993).
/// </summary>
/// <typeparam name="TKey">The key type.</typeparam>
internal sealed class KeyOrder<TKey>
    where TKey : struct, IKey<TKey>
{
    private readonly List<int> _segments = [];
    private Node? _root;

    /// <summary>The memory that a segment takes here, in bytes.</summary>
    public static int NodeBytes => 48 + Unsafe.SizeOf<TKey>();

    /// <summary>How many keys are in the segments.</summary>
    public int Keys { get; set; }

    /// <summary>The numbers of the segments.</summary>
    public IReadOnlyList<int> Segments => _segments;

    /// <summary>The segment of a key. Whatever is less than all first keys belongs to the first segment.</summary>
    public int Find(TKey key)
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

        return (found ?? last).Segment;
    }

    /// <summary>Adds a segment.</summary>
    public void Add(TKey first, int segment)
    {
        _segments.Add(segment);
        _root = Add(_root, first, segment);
    }

    /// <summary>Says that a key is in its segment, before that is split: the first key of the first segment may no longer be its smallest.</summary>
    public void Include(TKey key)
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

    /// <summary>Forgets all segments.</summary>
    public void Clear()
    {
        _segments.Clear();
        _root = null;
    }

    private static Node Add(Node? node, TKey first, int segment)
    {
        if (node == null)
        {
            return new Node(first, segment);
        }

        if (TKey.Compare(first, node.First) < 0)
        {
            node.Left = Add(node.Left, first, segment);
        }
        else
        {
            node.Right = Add(node.Right, first, segment);
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

    private sealed class Node(TKey first, int segment)
    {
        public TKey First { get; set; } = first;

        public int Segment => segment;

        public int Level { get; set; } = 1;

        public Node? Left { get; set; }

        public Node? Right { get; set; }
    }
}
