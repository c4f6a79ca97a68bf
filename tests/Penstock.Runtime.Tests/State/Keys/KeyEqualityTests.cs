using System.Reflection;
using Penstock.State;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.State.Keys;

/// <summary>Equality, order and hash of a key are consistent.</summary>
public class KeyEqualityTests
{
    private static readonly decimal NegativeZero = new(0, 0, 0, isNegative: true, 1);
    private static readonly decimal[] Zeros = [0m, NegativeZero, 0.00m, -0.0000m, new decimal(0, 0, 0, true, 28)];

    [Theory]
    [InlineData(StableHash.FixedSecret)]
    [InlineData(0x1234_5678_9ABC_DEF0)]
    public void Equal_decimals_have_equal_hashes(ulong secret)
    {
        Assert.Single(Zeros.Select(zero => StableHash.Of(zero, secret)).Distinct());
        Assert.Single(new[] { 1.5m, 1.50m, 1.5000000000000000000000000000m }.Select(number => StableHash.Of(number, secret)).Distinct());
        Assert.NotEqual(StableHash.Of(1.5m, secret), StableHash.Of(-1.5m, secret));
        decimal[] large = [0x1_8000_0000, 0x2_8000_0000, 0x1_8000_0001, -0x1_8000_0000L];
        Assert.Equal(large.Length, large.Select(number => StableHash.Of(number, secret)).Distinct().Count());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Zero_is_one_key_whatever_its_sign(int parallelism)
    {
        using var test = PipelineTest.For<PaymentPipeline>(options => options.Parallelism = parallelism);
        foreach (var zero in Zeros)
        {
            test.Send(nameof(PaymentPipeline.Payments), new Payment("Corner", "ann", zero));

            // The row of the key is read again.
            test.CrashAndRestore();
            test.Send(nameof(PaymentPipeline.Payments), new Payment("Corner", "ann", zero));
            test.Checkpoint();
        }

        var amounts = test.Read<PaymentTally>(nameof(PaymentPipeline.Amounts));
        Assert.Equal(2 * Zeros.Length, amounts[^1].Count);
        var shop = test.Read<PaymentTally>(nameof(PaymentPipeline.Shops))[^1];
        Assert.Equal((2 * Zeros.Length, 1, 1), (shop.Count, shop.Amounts, shop.Pairs));
    }

    [Fact]
    public void Generated_keys_agree_on_what_is_equal()
    {
        Agree(Zeros.Concat([1m, 1.0m, -1m, decimal.MaxValue, decimal.MinValue]));
        Agree(["", "a", "A", "ä", "a\u0308", "\0", "b"]);
        decimal?[] amounts = [null, 0m, NegativeZero, 1m, 1.00m, -1m];
        Agree(amounts.SelectMany(rest => amounts.Select(amount => ((1, rest), amount))).Append(((2, null), null)));
    }

    private static void Agree<T>(IEnumerable<T> values)
    {
        var key = Assert.Single(
            typeof(CountPerShop).Assembly
                .GetTypes()
                .Where(static type => type.FullName!.Contains(nameof(CountPerShop), StringComparison.Ordinal)),
            static type => type.GetInterfaces().Any(static face =>
                face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IMapKey<,>) && face.GetGenericArguments()[1] == typeof(T)));
        var agree = typeof(KeyEqualityTests).GetMethod(nameof(AgreeOn), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(
            key,
            typeof(T));
        agree.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [values.ToList()], null);
    }

    private static void AgreeOn<TKey, T>(List<T> values)
        where TKey : struct, IMapKey<TKey, T>
    {
        foreach (var left in values)
        {
            foreach (var right in values)
            {
                var isEqual = EqualityComparer<T>.Default.Equals(left, right);
                Assert.Equal(isEqual, TKey.Equals(TKey.Of(left), TKey.Of(right)));
                Assert.Equal(isEqual, TKey.Compare(TKey.Of(left), TKey.Of(right)) == 0);
                Assert.Equal(isEqual, TKey.Hash(TKey.Of(left), 77) == TKey.Hash(TKey.Of(right), 77));
                Assert.Equal(
                    Math.Sign(TKey.Compare(TKey.Of(left), TKey.Of(right))),
                    -Math.Sign(TKey.Compare(TKey.Of(right), TKey.Of(left))));
            }
        }

        // The order is total: sorting gives the same result for every initial order.
        var sorted = values.Select(TKey.Of).Order(Comparer<TKey>.Create(TKey.Compare)).ToList();
        for (var index = 1; index < sorted.Count; index++)
        {
            Assert.All(sorted.Take(index), before => Assert.True(TKey.Compare(before, sorted[index]) <= 0));
        }
    }
}
