namespace Penstock.Network;

/// <summary>The sender of an input channel.</summary>
internal interface ISender
{
    /// <summary>Returns the credit of a batch that has been taken.</summary>
    void ReturnCredit();
}
